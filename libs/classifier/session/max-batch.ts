/** Images per batch at most: above this they get slower per image, not faster. */
export const MAX_BATCH = 8;
