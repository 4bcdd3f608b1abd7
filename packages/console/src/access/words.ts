/** The last word of a state in a platform's own words, such as `pending approval` of `apicontract.status.pending_approval`. */
export function stateWords(state: string): string {
  const last = state.replace(/^apicontract\.status\./, '');
  return last.replaceAll(/[._]/g, ' ').toLowerCase();
}

/** An action's name as words: `approveTierChange` is `Approve tier change`. */
export function actionWords(name: string): string {
  const words = name
    .replaceAll(/[-_.]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_, end, start) => `${end} ${start.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
