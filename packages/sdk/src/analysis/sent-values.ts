import type { Path } from '../diagnostics.ts';
import { parseTemplate } from '../iml/parse.ts';
import { isObject } from '../json.ts';
import { readTemplate, SPREAD, Text } from './expressions.ts';
import type { Request } from './requests.ts';

/** A text that a request sends or keeps: a string of `api`, or the stretch of it that is the value of one parameter. */
export interface SentText {
  readonly text: Text;
  /** Where the text begins in the string at its path, in UTF-16 code units. */
  readonly offset: number;
}

/** Checks if the name of a parameter stands where the request may send it, whatever its value. */
export function mentions({ value }: Request, name: string): boolean {
  return ['url', 'qs', 'body'].some((part) => {
    const holder = value[part];
    return typeof holder === 'string' ? holder.includes(name) : isObject(holder) && Object.hasOwn(holder, name);
  });
}

/** The text of a parameter that a request sends by name, in its query, its body or the query of its url. */
export function sentAs(name: string, { path, value }: Request): SentText | undefined {
  for (const part of ['qs', 'body']) {
    const holder = value[part];
    if (isObject(holder) && typeof holder[name] === 'string') return writtenAt([...path, part, name], holder[name]);
  }
  for (const part of ['url', 'body']) {
    const found = typeof value[part] === 'string' ? queryValue(value[part], name) : undefined;
    if (found !== undefined) return writtenAt([...path, part], found.text, found.offset);
  }
  return undefined;
}

/** Checks if the request may send parameters that nobody can see here, in its query or in its body. */
export function sendsMore({ value }: Request): boolean {
  const { qs, body, url } = value;
  const holders = [qs, body].filter((each) => each !== undefined && each !== null);
  return holders.some((each) => !isObject(each) || SPREAD in each) || (typeof url === 'string' && endsOpen(url));
}

/** Checks if the url ends with an expression that is no value of its query, so that it may bring a query. */
function endsOpen(url: string): boolean {
  const last = parseTemplate(url).parts.at(-1);
  return last !== undefined && last.kind !== 'text' && !/=[^&]*$/.test(url.slice(0, last.offset));
}

/** The text at a path. */
export function writtenAt(path: Path, text: string, offset = 0): SentText {
  return { text: new Text('api', path, 'value', readTemplate(text)), offset };
}

/** The value of a parameter in a query that is written out, expressions included. */
function queryValue(text: string, name: string): { text: string; offset: number } | undefined {
  const begins = new RegExp(`(^|[?&])${name}=`);
  let offset: number | undefined;
  for (const part of parseTemplate(text).parts) {
    if (part.kind !== 'text') continue;
    let from = 0;
    if (offset === undefined) {
      const found = begins.exec(part.text);
      if (found === null || (found[1] === '' && part.offset > 0)) continue;
      from = found.index + found[0].length;
      offset = part.offset + from;
    }
    const end = part.text.slice(from).search(/[&#]/);
    if (end >= 0) return { text: text.slice(offset, part.offset + from + end), offset };
  }
  return offset === undefined ? undefined : { text: text.slice(offset), offset };
}
