/** Rounds one after another; what is asked for during a round is one more round after it. */
export function inTurn(round: () => Promise<void>): { ask: () => void; idle: () => Promise<void> } {
  let running: Promise<void> | undefined;
  let again = false;
  const ask = () => {
    if (running !== undefined) {
      again = true;
      return;
    }
    running = round().finally(() => {
      running = undefined;
      if (!again) return;
      again = false;
      ask();
    });
  };
  return {
    ask,
    idle: async () => {
      while (running !== undefined) await running;
    },
  };
}
