import { READERS } from './reports.js';

export { begin } from './reports.js';
export const attempts = READERS.multitool;
