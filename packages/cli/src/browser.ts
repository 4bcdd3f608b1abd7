/** Opens the user's browser at an address; gives whether there seems to be one. */
export async function openBrowser(url: string): Promise<boolean> {
  const { default: open } = await import('open');
  try {
    const child = await open(url);
    // On Windows it has ended by now.
    if (child.exitCode !== null) return child.exitCode === 0;
    return await new Promise((resolve) => {
      child.once('error', () => resolve(false));
      child.once('exit', (code) => resolve(code === 0 || code === null));
      // What goes on running is a browser.
      setTimeout(() => resolve(true), 1000).unref();
    });
  } catch {
    return false;
  }
}
