// @precall/cli: everything public, by hand.
export {};
