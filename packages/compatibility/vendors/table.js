/** @type {readonly import('../peers.js').Peer[]} */
export const VENDORS = [
  ...['sdk', 'cli'].map((name) => ({
    part: /** @type {const} */ ('vendors'),
    name: `@makehq/${name}`,
    module: `./vendors/makehq-${name}.js`,
    cases: [
      { tried: 'connections are created, listed, changed and deleted', attempt: 'connections' },
      { tried: 'sections and common come back as they were written', attempt: 'sections' },
      { tried: 'what is wrong is refused with the words of the platform', attempt: 'errors' },
    ],
  })),
  {
    part: 'vendors',
    name: 'anypoint-cli-v4',
    module: './vendors/anypoint.js',
    cases: [
      { tried: 'a connected app lists environments', attempt: 'environments' },
      { tried: 'a wrong password is refused', attempt: 'wrongPassword' },
      { tried: 'a user adds, lists and deletes tiers', attempt: 'tiers' },
      { tried: 'an app that may only look lists contracts, a user deletes one', attempt: 'contracts' },
    ],
  },
];
