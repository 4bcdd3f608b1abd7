/** Decimals with fewer digits than this has are told apart as doubles. */
const DISTINCT = 1e15;
/** The largest power of ten that is a double. */
const MOST_PLACES = 22;

/**
 * Tells whether numbers are whole multiples of another, as both are written: 19.99 is one of 0.01, of which no double is.
 * Of what is no step, every number is one.
 */
export function multiplesOf(step: number): (value: number) => boolean {
  if (!(step > 0) || !Number.isFinite(step)) return () => true;
  const [digits, places] = decimal(step);
  const whole = Number(digits);
  const isShort = places >= 0 && places <= MOST_PLACES && whole < DISTINCT;
  const scale = Number(`1e${places}`);
  return (value) => {
    const scaled = Math.round(value * scale);
    // That is the value without its point, unless it has more places than the step: then it is no multiple.
    if (isShort && Math.abs(scaled) < DISTINCT) return scaled / scale === value && scaled % whole === 0;
    return isMultiple(value, digits, places);
  };
}

function isMultiple(value: number, step: bigint, stepPlaces: number): boolean {
  if (!Number.isFinite(value)) return true;
  const [own, ownPlaces] = decimal(value);
  const places = Math.max(ownPlaces, stepPlaces);
  return (own * 10n ** BigInt(places - ownPlaces)) % (step * 10n ** BigInt(places - stepPlaces)) === 0n;
}

/** The digits of a number, and how many of them stand behind the point. */
function decimal(number: number): [digits: bigint, places: number] {
  const [mantissa = '', exponent = '0'] = String(number).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), fraction.length - Number(exponent)];
}
