// What the expressions of the benchmark cost when a person writes the least code that reads and runs them: names,
// access, texts in quotes, + and calls become closures. No offsets, no problems, no budget, no decimals, no guard
// against what objects inherit. It is the limit that the engine is measured against.

const FUNCTIONS = {
  base64: (text) => Buffer.from(text, 'utf8').toString('base64'),
  ifempty: (value, otherwise) => (value === undefined || value === null || value === '' ? otherwise : value),
  addSeconds: (date, seconds) => new Date(date.getTime() + seconds * 1000),
  join: (list, separator) => list.join(separator),
};

/**
 * @param {string} text
 * @returns {(scope: any) => unknown}
 */
export function compileLimit(text) {
  const parts = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf('{{', at);
    if (open < 0) break;
    if (open > at) parts.push(constant(text.slice(at, open)));
    const reader = new Reader(text, open + 2);
    parts.push(reader.sum());
    at = reader.at + 2;
  }
  if (at < text.length) parts.push(constant(text.slice(at)));
  if (parts.length === 1) return parts[0];
  return (scope) => {
    let result = '';
    for (const part of parts) result += shown(part(scope));
    return result;
  };
}

function shown(value) {
  return value === undefined || value === null ? '' : value;
}

function constant(value) {
  return () => value;
}

class Reader {
  constructor(text, at) {
    this.text = text;
    this.at = at;
  }

  sum() {
    let left = this.value();
    while (this.skip() === 0x2b) {
      this.at++;
      const first = left;
      const second = this.value();
      left = (scope) => first(scope) + second(scope);
    }
    return left;
  }

  value() {
    const code = this.skip();
    if (code === 0x27) {
      const end = this.text.indexOf("'", this.at + 1);
      const value = this.text.slice(this.at + 1, end);
      this.at = end + 1;
      return constant(value);
    }
    const name = this.name();
    if (this.text.charCodeAt(this.at) === 0x28) return this.call(name);
    let object = name === 'now' ? (scope) => scope.now : (scope) => scope[name];
    while (this.text.charCodeAt(this.at) === 0x2e) {
      this.at++;
      const inner = object;
      const key = this.name();
      object = (scope) => inner(scope)?.[key];
    }
    return object;
  }

  call(name) {
    const called = FUNCTIONS[name];
    const args = [];
    while (this.text.charCodeAt(this.at) !== 0x29) {
      this.at++;
      args.push(this.sum());
      this.skip();
    }
    this.at++;
    const [first, second] = args;
    if (second === undefined) return (scope) => called(first(scope));
    return (scope) => called(first(scope), second(scope));
  }

  name() {
    const start = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
      if (!letter && !(code >= 48 && code <= 57)) return this.text.slice(start, this.at);
      this.at++;
    }
  }

  skip() {
    while (this.text.charCodeAt(this.at) === 0x20) this.at++;
    return this.text.charCodeAt(this.at);
  }
}
