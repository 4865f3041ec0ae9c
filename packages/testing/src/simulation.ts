// @precall/testing/simulation: everything public, by hand.
export {};
