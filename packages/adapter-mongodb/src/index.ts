// @precall/adapter-mongodb: everything public, by hand.
export {};
