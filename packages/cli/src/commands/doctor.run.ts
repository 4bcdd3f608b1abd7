import type { Diagnostic } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import { type Checked, examine } from '../doctor/index.ts';
import { columns, plural } from '../output/text.ts';
import type { doctor as command } from './doctor.ts';

export const run: Run<typeof command> = async (context, { offline, fix }) => {
  let checked = await examine(context, offline);
  const fixes = checked.flatMap(({ findings }) => findings.flatMap((finding) => finding.fix ?? []));
  if (fix && fixes.length > 0) {
    for (const repair of fixes) repair();
    context.report({ kind: 'done', message: `Corrected ${plural(fixes.length, 'problem')}.` });
    checked = await examine(context, offline);
  }
  const diagnostics = checked.flatMap(diagnosticsOf);
  return {
    data: {
      checks: checked.map(({ check: { name, looksAt }, status, findings }) => ({
        name,
        looksAt,
        status,
        findings: findings.map(({ fix: _, ...told }) => told),
      })),
    },
    lines: columns(checked.flatMap(rowsOf)),
    diagnostics,
    summary: summaryOf(checked),
  };
};

/** Checks that pass are one row each; failed ones are reported as problems, to which their rows lead. */
function rowsOf({ check: { name }, status, findings }: Checked): string[][] {
  const well = findings.filter((each) => each.status === 'ok' || each.status === 'skipped');
  const problems = findings.length - well.length;
  const rows = well.map((each) => [each.status, name, each.message]);
  return problems === 0 ? rows : [...rows, [status, name, `${plural(problems, 'problem')}, see below`]];
}

function diagnosticsOf({ check, findings }: Checked): Diagnostic[] {
  return findings.flatMap(({ status, message, hint }) =>
    status === 'ok' || status === 'skipped'
      ? []
      : [{ code: `doctor/${check.name}`, severity: status, message, ...(hint === undefined ? {} : { hint }) }],
  );
}

function summaryOf(checked: readonly Checked[]): string {
  const count = (status: string) => checked.filter((each) => each.status === status).length;
  const parts = [
    ...(count('error') > 0 ? [`${plural(count('error'), 'check')} found errors`] : []),
    ...(count('warning') > 0 ? [`${plural(count('warning'), 'check')} found warnings`] : []),
    ...(count('skipped') > 0 ? [`${count('skipped')} skipped`] : []),
  ];
  return `${plural(checked.length, 'check')}: ${parts.length === 0 ? 'all is well' : parts.join(', ')}.`;
}
