import type { Declared } from '../analysis/declared.ts';
import { flowOf, placesOf, type TemplatePlace } from '../analysis/expression-scopes.ts';
import { wireOf } from '../authored.ts';
import type { Path } from '../diagnostics.ts';
import type { Scope } from '../iml/check.ts';
import { momentOf } from '../iml/scopes.ts';
import type { WrittenPlace } from '../parameters/places.ts';
import type { Connection } from '../project/project.ts';
import { SECTIONS, type SectionName } from '../sections/index.ts';
import type { Section } from '../sections/section.ts';
import type { Source } from '../source.ts';
import { JSONText } from './json-text.ts';

type Values = { [name in SectionName]?: unknown };

/** Data of a connection that the features of an editor read, once for all of them, even while its texts are being typed. */
export class ConnectionReading {
  readonly connection: Connection;
  readonly #texts = new Map<SectionName, JSONText>();
  readonly #written = new Map<SectionName, (path: Path) => WrittenPlace>();
  #declared: Declared | undefined;
  #places: ReadonlyMap<string, TemplatePlace> | undefined;
  #flow: ReturnType<typeof flowOf> | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** The section that a file holds; undefined for a file that is none of its sections. */
  sectionOf(file: string): (Section & { readonly name: SectionName }) | undefined {
    return SECTIONS.find(({ name }) => this.connection.sections[name]?.file === file);
  }

  /** The file of a section; undefined when there is none. */
  fileOf(section: SectionName): string | undefined {
    return this.connection.sections[section]?.file;
  }

  /** The text of a section; undefined when there is none. */
  text(section: SectionName): JSONText | undefined {
    const source = this.connection.sections[section];
    if (source === undefined) return undefined;
    const text = this.#texts.get(section) ?? new JSONText(source.text);
    this.#texts.set(section, text);
    return text;
  }

  /** Its declarations, as far as that can be read: texts that are being typed are rarely complete. */
  get declared(): Declared {
    if (this.#declared !== undefined) return this.#declared;
    const { type, sections, unmanaged } = this.connection;
    const values: Values = {};
    const absent: SectionName[] = [];
    for (const section of SECTIONS) {
      const { name } = section;
      const source = sections[name];
      if (source !== undefined) values[name] = this.#valueOf(section, source);
      else if (!unmanaged.includes(name)) absent.push(name);
    }
    this.#declared = { type, sections: values, absent };
    return this.#declared;
  }

  #valueOf(section: Section & { readonly name: SectionName }, source: Source): unknown {
    if (source.value === undefined) {
      const value = this.text(section.name)?.value;
      return section.authoring?.applies(value) === true ? undefined : value;
    }
    const wire = wireOf(section, this.connection.type, source);
    this.#written.set(section.name, wire.written);
    return wire.value;
  }

  /** Where a value of a section was written, whose path is that of the platform's form. */
  written(section: SectionName, path: Path): WrittenPlace {
    void this.declared;
    return this.#written.get(section)?.(path) ?? { path };
  }

  /** The strings with expressions, in the order in which they are evaluated, each with the variables that it can use. */
  get places(): ReadonlyMap<string, TemplatePlace> {
    this.#places ??= new Map(placesOf(this.declared).map((place) => [keyOf(place.section, place.path), place]));
    return this.#places;
  }

  /** Variables that the expressions at a path can use; undefined in a section whose strings are not evaluated. */
  scopeAt(section: SectionName, path: Path): Scope | undefined {
    const own = this.places.get(keyOf(section, path));
    if (own !== undefined) return own.scope;
    const moment = momentOf([section, ...path.map(String)]);
    if (moment === undefined) return undefined;
    this.#flow ??= flowOf(this.declared);
    const { steps, install } = this.#flow;
    if (moment.phase === 'install') return install;
    const step = steps.find((each) => each.step === moment.step) ?? steps[0];
    return moment.phase === 'response' ? step?.response : step?.request;
  }
}

function keyOf(section: SectionName, path: Path): string {
  return JSON.stringify([section, ...path]);
}
