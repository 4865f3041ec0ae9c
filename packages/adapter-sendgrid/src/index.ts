// @precall/adapter-sendgrid: everything public, by hand.
export {};
