export { HomeAssistant } from './home-assistant.js';
