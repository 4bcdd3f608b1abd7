// Rounds of short tinybench runs in turn, so that what the machine does meanwhile meets everybody alike.
import { Bench } from 'tinybench';

/**
 * @typedef {{ name: string, count: number, work: () => unknown, before?: () => void }} Task
 * `work` does `count` operations, so that the timer's own cost does not matter; `before` runs untimed before each.
 * @typedef {{ name: string, median: number, low: number, high: number }} Measured Operations a second.
 */

/**
 * @param {readonly Task[]} tasks
 * @param {{ rounds?: number, time?: number }} [options] Milliseconds for a task in a round.
 * @returns {Promise<Measured[]>}
 */
export async function measure(tasks, { rounds = 9, time = 60 } = {}) {
  const speeds = new Map(tasks.map(({ name }) => [name, /** @type {number[]} */ ([])]));
  for (let round = 0; round <= rounds; round++) {
    const bench = new Bench({ time, iterations: 5, warmup: round === 0, warmupTime: time });
    for (const { name, work, before } of tasks)
      bench.add(name, work, before === undefined ? {} : { beforeEach: before });
    await bench.run();
    // The first round warms all of them up.
    if (round === 0) continue;
    for (const [index, task] of bench.tasks.entries()) {
      const { result } = task;
      if (result.state !== 'completed') throw new Error(`${task.name}: ${result.state} ${result.error ?? ''}`);
      speeds.get(task.name)?.push((1000 / result.latency.p50) * (tasks[index]?.count ?? 1));
    }
  }
  return tasks.map(({ name }) => {
    const sorted = (speeds.get(name) ?? []).sort((a, b) => a - b);
    return { name, median: sorted[sorted.length >> 1] ?? 0, low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0 };
  });
}

/** A table of what was measured, each with its ratio to the first. @param {string} title @param {readonly Measured[]} measured */
export function table(title, measured) {
  const limit = measured[0]?.median ?? 1;
  const rows = measured.map(({ name, median, low, high }) => [
    name,
    amount(median),
    `${amount(low)} – ${amount(high)}`,
    `${(median / limit).toPrecision(2)}×`,
  ]);
  const all = [['', 'per second', 'slowest – fastest round', 'ratio'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  return `\n${title}\n${lines.join('\n')}`;
}

/** @param {number} value */
function amount(value) {
  return value >= 1e6
    ? `${(value / 1e6).toFixed(2)} M`
    : value >= 1e3
      ? `${(value / 1e3).toFixed(1)} k`
      : value.toFixed(0);
}
