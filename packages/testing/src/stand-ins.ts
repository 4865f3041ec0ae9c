// @precall/testing/stand-ins: everything public, by hand.
export {};
