import type { Option as SelectOption } from '@clack/prompts';
import { ConnectorError } from '@connectorkit/sdk';
import type { Ask, ChooseQuestion, Question } from '../command.ts';

export interface AskOptions {
  readonly interactive: boolean;
  readonly signal: AbortSignal;
  /** Called when the person leaves a question with Ctrl-C. */
  readonly interrupt: () => void;
}

/** Questions through @clack/prompts, which is loaded with the first of them. */
export function createAsk({ interactive, signal, interrupt }: AskOptions): Ask {
  async function answer<Value>(
    { message, flag }: Question,
    put: (clack: Clack, shared: Shared) => Promise<Value | symbol>,
  ): Promise<Value> {
    if (!interactive) {
      throw new ConnectorError('usage', {
        code: 'usage/missing',
        message: `There is no terminal to ask in: ${message}`,
        hint: `Answer with ${flag}.`,
      });
    }
    const clack = await import('@clack/prompts');
    const value = await put(clack, { output: process.stderr, signal });
    if (!clack.isCancel(value)) return value as Value;
    interrupt();
    throw new Error('interrupted');
  }

  return {
    text: (question) =>
      answer<string>(question, ({ text }, shared) => {
        const { message, example, check, optional } = question;
        const validate = (value: string | undefined) =>
          value ? check?.(value) : optional ? undefined : 'An answer is needed.';
        return text({ ...shared, message, validate, ...(example && { placeholder: example }) }).then(
          (value) => value ?? '',
        );
      }),
    secret: (question) =>
      answer<string>(question, ({ password }, shared) => password({ ...shared, message: question.message })),
    choose: <Choice extends string>(question: ChooseQuestion<Choice>) =>
      answer<Choice>(question, ({ select }, shared) => {
        const options = question.choices.map((choice) => ({ ...choice })) as SelectOption<Choice>[];
        return select<Choice>({ ...shared, message: question.message, options });
      }),
    confirm: (question) =>
      answer<boolean>(question, ({ confirm }, shared) => {
        return confirm({ ...shared, message: question.message, initialValue: question.preset ?? false });
      }),
  };
}

type Clack = typeof import('@clack/prompts');

/** Options that all prompts share. */
type Shared = Pick<Parameters<Clack['text']>[0], 'output' | 'signal'>;
