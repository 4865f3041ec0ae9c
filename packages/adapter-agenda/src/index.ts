// @precall/adapter-agenda: everything public, by hand.
export {};
