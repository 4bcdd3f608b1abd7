import type { Command } from '../command.ts';
import { create } from './create.ts';
import { explain } from './explain.ts';
import { help } from './help.ts';
import { types } from './types.ts';
import { validate } from './validate.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [create, validate, types, explain, help];
