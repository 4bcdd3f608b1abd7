import { signatureOf } from '../iml/check.ts';
import { FUNCTIONS } from '../iml/functions/index.ts';
import { typeWords } from '../iml/infer.ts';
import { callAt, expressionAt } from './expression-point.ts';
import type { FileReading } from './file-reading.ts';

/** How the function is called whose arguments are being typed. */
export interface CallHelp {
  readonly label: string;
  readonly summary: string;
  /** The parameters, each as a stretch of the label and with its type. */
  readonly parameters: readonly { readonly label: readonly [number, number]; readonly type: string }[];
  /** The index of the parameter that is being typed. */
  readonly active: number;
}

/** Helps with the call around an offset; undefined where no built-in function is called. */
export function callHelp({ text }: Pick<FileReading, 'text'>, offset: number): CallHelp | undefined {
  const point = expressionAt(text, offset);
  const call = point && callAt(point);
  const known = call && FUNCTIONS.get(call.name);
  if (call === undefined || known === undefined) return undefined;
  const { name, parameters, returns, summary } = known;
  const label = `${signatureOf(name, parameters)}: ${typeWords(returns)}`;
  let from = name.length;
  const named = parameters.map((parameter) => {
    const start = label.indexOf(parameter.name, from);
    from = start + parameter.name.length;
    return { label: [start, from] as const, type: typeWords(parameter.type) };
  });
  const last = parameters.length - 1;
  const active = parameters[last]?.rest === true ? Math.min(call.argument, last) : call.argument;
  return { label, summary, parameters: named, active };
}
