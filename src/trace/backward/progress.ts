/** After so many transactions it is told how far a way back is. */
export const progressEvery = 4_096;
