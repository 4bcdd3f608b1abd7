import type { Command } from '../command.ts';
import { access } from './access.ts';
import { add } from './add.ts';
import { completion } from './completion.ts';
import { connect } from './connect.ts';
import { connections } from './connections.ts';
import { convert } from './convert.ts';
import { create } from './create.ts';
import { dev } from './dev.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { harness } from './harness.ts';
import { help } from './help.ts';
import { iml } from './iml.ts';
import { info } from './info.ts';
import { instances } from './instances.ts';
import { list } from './list.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { lsp } from './lsp.ts';
import { mcp } from './mcp.ts';
import { platforms } from './platforms.ts';
import { publish } from './publish.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { recreate } from './recreate.ts';
import { remove } from './remove.ts';
import { rename } from './rename.ts';
import { rollback } from './rollback.ts';
import { schema } from './schema.ts';
import { status } from './status.ts';
import { test } from './test.ts';
import { types } from './types.ts';
import { validate } from './validate.ts';
import { whoami } from './whoami.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  create,
  add,
  list,
  rename,
  remove,
  validate,
  test,
  types,
  convert,
  dev,
  connect,
  connections,
  harness,
  status,
  diff,
  push,
  pull,
  recreate,
  publish,
  rollback,
  platforms,
  access,
  instances,
  login,
  logout,
  whoami,
  doctor,
  info,
  iml,
  explain,
  schema,
  lsp,
  mcp,
  completion,
  help,
];
