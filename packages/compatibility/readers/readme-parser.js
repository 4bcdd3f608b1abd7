import { READERS } from './openapi.js';

export { begin } from './openapi.js';
export const attempts = READERS['readme-parser'];
