// How large a tarball, and an installation of it with all it brings (peers not counted), may be.

export interface SizeLimits {
  readonly tarballKb: number;
  readonly installedMb: number;
}

const limits: { readonly [name: string]: SizeLimits } = {
  '@precall/core': { tarballKb: 150, installedMb: 9 },
};
const others: SizeLimits = { tarballKb: 100, installedMb: 30 };

export function limitsOf(name: string): SizeLimits {
  return limits[name] ?? others;
}
