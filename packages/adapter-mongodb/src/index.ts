// @precall/adapter-mongodb: everything public, by hand.
export { createMongoClient, databaseOf } from './mongo-client.ts';
export { type MongoStore, type MongoStoreOptions, openMongoStore } from './open-mongo-store.ts';
