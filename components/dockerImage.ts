import * as pulumi from "@pulumi/pulumi";

/** Version of the plugin `docker-build`: https://github.com/pulumi/pulumi-docker-build/releases */
const VERSION = "0.0.22";

export interface DockerImageArgs {
  /** Folder that is sent to Docker, relative to the program's. */
  context: { location: pulumi.Input<string> };
  dockerfile: { location: pulumi.Input<string> };
  buildArgs: Record<string, pulumi.Input<string>>;
  /** Such as `linux/amd64`. */
  platforms: string[];
  /** Whether preview builds, too. */
  buildOnPreview: boolean;
  /** Where the image goes, as `docker buildx build --output` takes it. */
  exports: { raw: string }[];
  /** Whether it is pushed in a way that nothing else is said of: `exports` push by themselves. */
  push: boolean;
  /** Full names of the image, with tags. */
  tags: pulumi.Input<string>[];
  /** A changed password is no change of the image. */
  registries: pulumi.Input<Record<"address" | "username" | "password", pulumi.Input<string>>>[];
}

/**
 * `Image` of @pulumi/docker-build, without the npm package: Pulumi's CLI fetches the plugin of every package that it finds in node_modules,
 * also for a stack that builds nothing. Of this one it fetches it when there is an image to build.
 */
export class DockerImage extends pulumi.CustomResource {
  /** SHA-256 of the image in the registry, `sha256:…`. */
  declare public readonly digest: pulumi.Output<string>;

  constructor(name: string, args: DockerImageArgs, opts?: pulumi.CustomResourceOptions) {
    super("docker-build:index:Image", name, { ...args, digest: undefined }, { ...opts, version: VERSION });
  }
}
