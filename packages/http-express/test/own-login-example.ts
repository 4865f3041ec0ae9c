import type { Precall } from '@precall/core';
import { type Authorize, createPrecallRouter } from '@precall/http-express';
import express, { type Express } from 'express';

/** `nameIn` reads the session that your own login keeps in a cookie; null: nobody is logged in. */
export function createApp(precall: Precall, nameIn: (cookies: string) => string | null): Express {
  const authorize: Authorize = ({ cookie = [] }) => {
    const user = nameIn(cookie.join('; '));
    return user === null ? { instead: { status: 303, headers: { location: '/login' } } } : { user };
  };
  return express().use(createPrecallRouter({ precall, operator: { authorize } }));
}
