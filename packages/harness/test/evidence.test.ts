import { readFileSync } from 'node:fs';
import { createHarness } from '@connectorkit/harness';
import { operationsOf, PLATFORMS, type Platform } from '@connectorkit/sdk/platforms';
import { expect, test } from 'vitest';
import { type Evidence, evidenceOf } from '../src/evidence.ts';

const platforms: readonly Platform[] = Object.values(PLATFORMS);

/** What a README says of the evidence. */
function paragraph({ published, readings }: Evidence, count: number): string {
  const proved = Object.keys(published).length;
  const all = `${proved} of ${count} operations are played as the vendor publishes them`;
  const listed = readings.map((id) => `\`${id}\``).join(', ');
  return `${all}; what the other ${readings.length} answer is our reading: ${listed}.`;
}

test.each(platforms)('$title: its README lists what is our reading', async (platform) => {
  const readme = readFileSync(new URL(`../src/platforms/${platform.name}/README.md`, import.meta.url), 'utf8');
  const evidence = await evidenceOf(platform);
  expect(readme.replaceAll(/\s+/g, ' ')).toContain(paragraph(evidence, operationsOf(platform.contract).size));
});

test.each(platforms)('$title: the harness tells the same, to everybody', async (platform) => {
  const harness = await createHarness({ platforms: [platform.name] });
  try {
    const response = await fetch(`${harness.url}/__harness/platforms/${platform.name}`);
    expect([response.status, await response.json()]).toEqual([200, await evidenceOf(platform)]);
    expect((await fetch(`${harness.url}/__harness/platforms/nobody`)).status).toBe(404);
  } finally {
    await harness.close();
  }
});

test('every operation is either published or a reading, and every source is said', async () => {
  for (const platform of platforms) {
    const { published, readings } = await evidenceOf(platform);
    expect([...Object.keys(published), ...readings].sort()).toEqual([...operationsOf(platform.contract).keys()].sort());
    for (const sources of Object.values(published)) expect(sources.every((source) => source.length > 10)).toBe(true);
  }
});
