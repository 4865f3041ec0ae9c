// @precall/adapter-notion: everything public, by hand.
export {};
