import { ConnectorError, nearest } from '../diagnostics.ts';
import type { NamedWay } from './chosen-ways.ts';
import { type Answers, type Mark, type Question, shortened } from './connection.ts';
import type { Description } from './description.ts';
import type { Note } from './steps.ts';
import { type Proof, proofsFor, SURE } from './verification.ts';
import type { Way } from './ways.ts';

/** What the proof of a connection is chosen from. */
export interface Proving {
  readonly description: Description;
  readonly way: Way;
  readonly id: string;
  readonly answers: Answers;
  readonly isRequired: boolean;
  readonly questions: Question[];
}

/** What is named as the proof has to be one for some connection. */
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
          : `${unfit.name} proves nothing: ${unfit.why}.`,
      hint:
        meant !== undefined
          ? `Did you mean ${JSON.stringify(meant)}?`
          : `Requests that would do are ${[...new Set(names)].slice(0, 5).join(', ') || 'none'}.`,
      found: wanted,
    });
  }
}

function isCalled({ name, operationId }: Pick<Proof, 'name' | 'operationId'>, wanted: string): boolean {
  return wanted === operationId || wanted.replace(/^(?=\/)/, 'GET ') === name;
}

/** The proof that is asked for, or the likeliest; what is not sure is marked. */
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
      message: `Which request proves the connection ${id}?`,
      choices,
      example: proofs[0]?.name ?? '',
    });
  }
  if (best === undefined) {
    const mark: Mark = {
      section: 'api',
      path: ['url'],
      severity: 'warning',
      message: 'The document has no request without parameters that only somebody who may call is answered.',
      hint: 'Write the address of one here.',
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
        ? `No request of the document is known to say who has connected; ${best.name} is the likeliest.`
        : `${titleFor(best)} was picked to prove the connection.`,
    hint:
      next.length === 0
        ? 'The document has no other that would do.'
        : `--verify chooses another, such as ${next.join(', ')}.`,
  };
  return { proof: best, marks: [mark], notes: [] };
}

function titleFor({ name, summary }: Proof): string {
  return summary === undefined ? name : shortened(`${name}: ${summary}`, 100);
}
