// @precall/adapter-smtp: everything public, by hand.
export {};
