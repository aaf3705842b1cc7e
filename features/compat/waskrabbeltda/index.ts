export { WaskrabbeltdaModule } from './waskrabbeltda.module.js';
