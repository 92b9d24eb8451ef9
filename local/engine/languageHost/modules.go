package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

type manifest struct {
	Version         string
	Dependencies    map[string]string
	DevDependencies map[string]string
}

// The packages that the manifest of a program names, with the installed version, or the range asked for when one is not installed;
// for `pulumi about`.
func listDependencies(dir string) ([]*pulumirpc.DependencyInfo, error) {
	own, err := readManifest(filepath.Join(dir, "package.json"))
	if err != nil {
		return nil, err
	}
	wanted := map[string]string{}
	maps.Copy(wanted, own.DevDependencies)
	maps.Copy(wanted, own.Dependencies)
	var found []*pulumirpc.DependencyInfo
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		found = append(found, &pulumirpc.DependencyInfo{Name: name, Version: or(installedVersion(dir, name), wanted[name])})
	}
	return found, nil
}

// Installs the packages of a program or plugin, unless all are there, if only in a folder above it.
func installDependencies(ctx context.Context, dir string, stdout, stderr io.Writer) error {
	own, err := readManifest(filepath.Join(dir, "package.json"))
	if err != nil {
		return err
	}
	isMissing := func(name string) bool { return installedVersion(dir, name) == "" }
	if !slices.ContainsFunc(slices.Collect(maps.Keys(own.Dependencies)), isMissing) {
		return nil
	}
	how := "install"
	if exists(filepath.Join(dir, "package-lock.json")) {
		how = "ci"
	}
	command := newCommand(ctx, "npm", how)
	command.Dir, command.Stdout, command.Stderr = dir, stdout, stderr
	if err := runToEnd(command); err != nil {
		return err
	}
	if !command.ProcessState.Success() {
		return fmt.Errorf("npm %s failed in %s: %s", how, dir, command.ProcessState)
	}
	return nil
}

func installedVersion(dir, name string) string {
	file := findModule(dir, filepath.Join(name, "package.json"))
	if file == "" {
		return ""
	}
	installed, _ := readManifest(file)
	return installed.Version
}

// The file of a package as Node finds it for a program in `dir`: in the next node_modules upwards, else on NODE_PATH, behind all links.
// Empty when there is none.
func findModule(dir, file string) string {
	var folders []string
	for at := dir; ; at = filepath.Dir(at) {
		folders = append(folders, filepath.Join(at, "node_modules"))
		if at == filepath.Dir(at) {
			break
		}
	}
	for _, folder := range append(folders, filepath.SplitList(os.Getenv("NODE_PATH"))...) {
		if real, err := filepath.EvalSymlinks(filepath.Join(folder, file)); err == nil {
			return real
		}
	}
	return ""
}

// Empty where there is none.
func readManifest(file string) (found manifest, err error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return found, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil {
		return found, fmt.Errorf("%s cannot be read: %w", file, err)
	}
	return found, nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
