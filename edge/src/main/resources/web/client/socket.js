export const OPEN = 1;
