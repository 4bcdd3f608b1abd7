/** What only serves in the repository is left out of what is published. */
const OWN_CONDITION = 'connectorkit-source';

/** @param {{ exports?: Record<string, string | Record<string, string>>, [field: string]: unknown }} manifest */
function beforePacking(manifest) {
  const { scripts, devDependencies, imports, exports, ...published } = manifest;
  if (exports === undefined) return published;
  const entries = Object.entries(exports).map(([path, target]) => {
    if (typeof target === 'string') return [path, target];
    const { [OWN_CONDITION]: source, ...others } = target;
    return [path, others];
  });
  return { ...published, exports: Object.fromEntries(entries) };
}

export const hooks = { beforePacking };
