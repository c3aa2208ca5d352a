/** The 97.5 % quantile of the standard normal: half a two-sided 95 % interval. */
export const Z_95 = 1.959963984540054
