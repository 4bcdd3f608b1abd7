// The load of `console-journal.js`, in a process of its own: requests at a rate, or so many as fast as they are answered.
// LOAD says which, and not the arguments, which others on the machine can read: it holds a token.
const { url, token, rate, total, seconds } = JSON.parse(process.env.LOAD ?? '');
let answered = 0;

/** @param {number} count */
async function ask(count) {
  const path = count % 10 === 0 ? `/api/v2/sdk/apps/Nowhere/${count}` : `/api/v2/sdk/apps?call=${count}`;
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Token ${token}` } });
  await response.arrayBuffer();
  answered++;
}

if (rate === 0) {
  for (let done = 0; done < total; done += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => ask(done + index)));
  }
} else {
  const began = performance.now();
  /** @type {Promise<void>[]} */
  const open = [];
  for (let count = 0; performance.now() - began < seconds * 1000; ) {
    const due = ((performance.now() - began) / 1000) * rate;
    for (; count < due; count++) open.push(ask(count));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(open);
}
process.stdout.write(String(answered));
