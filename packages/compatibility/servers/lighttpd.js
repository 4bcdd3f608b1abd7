import { PROGRAMS } from './programs.js';

export const attempts = PROGRAMS.lighttpd;
