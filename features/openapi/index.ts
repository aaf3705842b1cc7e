export { DocsController } from './docs.controller.js';
export { OpenApiController } from './openapi.controller.js';
export { ProtocolController } from './protocol.controller.js';
