export { CONFIG, LOG, type Platform, PlatformModule } from './platform.module.js';
