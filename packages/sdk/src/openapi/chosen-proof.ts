import { ConnectorError, nearest } from '../diagnostics.ts';
import type { NamedWay } from './chosen-ways.ts';
import { type Answers, type Mark, type Question, shortened } from './connection.ts';
import type { Description } from './description.ts';
import type { Note } from './steps.ts';
import { NEEDS_NOTHING, type Proof, proofsFor, SURE } from './verification.ts';
import type { Way } from './ways.ts';

/** The input of the choice of the request that verifies a connection. */
export interface Proving {
  readonly description: Description;
  readonly way: Way;
  readonly id: string;
  readonly answers: Answers;
  readonly isRequired: boolean;
  readonly questions: Question[];
}

/** Checks that each named request can verify one of the connections. @throws ConnectorError usage `openapi/answer` */
export function checkVerify(
  verify: readonly string[] | undefined,
  description: Description,
  ways: readonly NamedWay[],
  isRequired: boolean,
): void {
  for (const wanted of verify ?? []) {
    if (wanted === 'none') continue;
    const found = ways.map(({ way }) => proofsFor(description, way, isRequired));
    if (found.some(({ proofs }) => proofs.some((each) => isCalled(each, wanted)))) continue;
    const unfit = found.flatMap((each) => each.unfit).find((each) => isCalled(each, wanted));
    const names = found.flatMap(({ proofs }) => proofs.map(({ name }) => name));
    const meant = nearest(wanted, names);
    throw new ConnectorError('usage', {
      code: 'openapi/answer',
      message:
        unfit === undefined
          ? `The document has no request ${JSON.stringify(wanted)}.`
          : `${unfit.name} cannot verify a connection: ${unfit.why}.`,
      hint:
        meant !== undefined
          ? `Did you mean ${JSON.stringify(meant)}?`
          : `Requests that can verify it: ${[...new Set(names)].slice(0, 5).join(', ') || 'none'}.`,
      found: wanted,
      ...(unfit?.why === NEEDS_NOTHING ? { trap: 'openapi-open-operation' } : {}),
    });
  }
}

function isCalled({ name, operationId }: Pick<Proof, 'name' | 'operationId'>, wanted: string): boolean {
  return wanted === operationId || wanted.replace(/^(?=\/)/, 'GET ') === name;
}

/** The requested proof, or the most likely one. A mark says when the choice is uncertain. */
export function chosenProof({ description, way, isRequired, answers, questions, id }: Proving): {
  readonly proof: Proof | undefined;
  readonly marks: readonly Mark[];
  readonly notes: readonly Note[];
} {
  const { proofs } = proofsFor(description, way, isRequired);
  const wanted = answers.verify?.flatMap((each) => proofs.find((proof) => isCalled(proof, each)) ?? [])[0];
  if (wanted !== undefined) return { proof: wanted, marks: [], notes: [[['url'], titleFor(wanted)]] };
  const isRefused = answers.verify?.includes('none') === true;
  const [best, ...others] = isRefused ? [] : proofs;
  const isOpen = !isRefused && proofs.length > 0;
  if (isOpen && (best === undefined || best.score < SURE || others.length > 0)) {
    const choices = [
      ...proofs.slice(0, 12).map(({ name, summary }) => ({
        value: name,
        label: name,
        ...(summary === undefined ? {} : { hint: shortened(summary, 60) }),
      })),
      { value: 'none', label: 'none of them' },
    ];
    questions.push({
      about: 'verify',
      message: `Which request verifies the connection ${id}?`,
      choices,
      example: proofs[0]?.name ?? '',
    });
  }
  if (best === undefined) {
    const mark: Mark = {
      section: 'api',
      path: ['url'],
      severity: 'warning',
      message: 'The document has no request without parameters that requires authorization.',
      hint: 'Write the URL of such a request here.',
    };
    return { proof: undefined, marks: [mark], notes: [] };
  }
  const next = others.slice(0, 3).map(({ name }) => name);
  const mark: Mark = {
    section: 'api',
    path: ['url'],
    severity: best.score < SURE ? 'warning' : 'info',
    message:
      best.score < SURE
        ? `No request clearly returns the connected user. ${best.name} is the most likely one.`
        : `${titleFor(best)} was chosen to verify the connection.`,
    hint:
      next.length === 0
        ? 'The document has no other request that can verify it.'
        : `Choose another one with --verify, such as ${next.join(', ')}.`,
  };
  return { proof: best, marks: [mark], notes: [] };
}

function titleFor({ name, summary }: Proof): string {
  return summary === undefined ? name : shortened(`${name}: ${summary}`, 100);
}
