// How large a tarball, and an installation of it with all it brings (peers not counted), may be: what was measured, and
// about a fifth more.

export interface SizeLimits {
  readonly tarballKb: number;
  readonly installedMb: number;
}

const limits: { readonly [name: string]: SizeLimits } = {
  // Promised: zod is 6.1 MB of it.
  '@precall/core': { tarballKb: 150, installedMb: 9 },
  // libsql is 19 MB of these three.
  '@precall/adapter-embedded': { tarballKb: 20, installedMb: 33 },
  '@precall/cli': { tarballKb: 45, installedMb: 41 },
  precall: { tarballKb: 10, installedMb: 41 },
  '@precall/adapter-mongodb': { tarballKb: 20, installedMb: 18 },
  '@precall/adapter-notion': { tarballKb: 20, installedMb: 11 },
  '@precall/adapter-sendgrid': { tarballKb: 20, installedMb: 14 },
  '@precall/adapter-smtp': { tarballKb: 20, installedMb: 12 },
  '@precall/http': { tarballKb: 40, installedMb: 9 },
  '@precall/http-express': { tarballKb: 10, installedMb: 9 },
  '@precall/metrics': { tarballKb: 20, installedMb: 13 },
  '@precall/templates': { tarballKb: 20, installedMb: 17 },
  '@precall/testing': { tarballKb: 100, installedMb: 12 },
};
/** For what brings nothing beyond core. */
const others: SizeLimits = { tarballKb: 20, installedMb: 9 };

export function limitsOf(name: string): SizeLimits {
  return limits[name] ?? others;
}
