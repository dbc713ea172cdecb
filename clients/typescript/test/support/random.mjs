/** Numbers that a seed repeats; the seed is printed, so that a failure can be run again. */
export function seeded(seed = Number(process.env.MYELIN_TEST_SEED ?? Date.now() % 2 ** 31)) {
  console.log(`MYELIN_TEST_SEED=${seed}`);
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A unit vector that a number repeats. */
export function embedding(number, dimension) {
  const vector = new Float32Array(dimension);
  let state = (number * 2654435761) | 1;
  let sum = 0;
  for (let i = 0; i < dimension; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    vector[i] = (state >>> 0) / 2 ** 32 - 0.5;
    sum += vector[i] * vector[i];
  }
  return vector.map((value) => value / Math.sqrt(sum));
}
