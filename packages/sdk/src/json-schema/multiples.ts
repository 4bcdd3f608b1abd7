/** Checks if a number is a whole multiple of another, as both are written: 19.99 is one of 0.01, of which no double is. */
export function isMultiple(value: number, step: number): boolean {
  if (!Number.isFinite(value) || !(step > 0)) return true;
  if (Number.isSafeInteger(value) && Number.isSafeInteger(step)) return value % step === 0;
  const [own, ownPlaces] = decimal(value);
  const [other, otherPlaces] = decimal(step);
  const places = Math.max(ownPlaces, otherPlaces);
  return (own * 10n ** BigInt(places - ownPlaces)) % (other * 10n ** BigInt(places - otherPlaces)) === 0n;
}

/** The digits of a number, and how many of them stand behind the point. */
function decimal(number: number): [digits: bigint, places: number] {
  const [mantissa = '', exponent = '0'] = String(number).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), fraction.length - Number(exponent)];
}
