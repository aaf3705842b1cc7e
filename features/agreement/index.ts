export { AgreementController } from './agreement.controller.js';
