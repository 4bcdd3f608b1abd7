import { lookUp } from '@connectorkit/sdk/emulator';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text for markup: in an element, or in an attribute between quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => lookUp(ENTITIES, character) ?? '');
}
