// @precall/adapter-mongodb: everything public, by hand.
export { type MongoStore, type MongoStoreOptions, openMongoStore } from './open-mongo-store.ts';
