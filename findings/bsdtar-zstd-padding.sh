#!/usr/bin/env bash
# bsdtar --zstd to a pipe writes an archive that neither zstd, nor GNU tar, nor bsdtar itself reads.
#
# bsdtar 3.6.2 (libarchive; Debian 12) fills up the last record of an archive that goes to a pipe, as tar does for tapes, to
# 10240 bytes. With compression it does so behind the compressed data. gzip takes zeros there for padding. zstd frames have none
# (RFC 8878, 3.1), so `zstd -t` and `tar --zstd -t` (1.5.4, 1.34) say "unsupported format", and bsdtar "Unknown frame descriptor".
# An archive that goes to a file is not padded. The way out is bsdtar -cf - … | zstd, or a file's name.
#
# Needs Debian 12 on amd64 with apt-get and dpkg. The packages go to a temporary folder; nothing is installed. Exit code 0: as
# described; 1: it has changed.
set -euo pipefail

packages=(libarchive-tools=3.6.2-1+deb12u5 libarchive13=3.6.2-1+deb12u5 zstd=1.5.4+dfsg2-5 tar=1.34+dfsg-1.2+deb12u1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq "${packages[@]}" 2>/dev/null || { echo "cannot download ${packages[*]}" >&2; exit 1; }
for p in *.deb; do dpkg -x "$p" unpacked; done
export PATH=$work/unpacked/usr/bin:$work/unpacked/bin:$PATH LD_LIBRARY_PATH=$work/unpacked/usr/lib/x86_64-linux-gnu
export LC_ALL=C

bsdtar --version
zstd --version
tar --version | head -n 1

changed=0
# expect CODE TEXT COMMAND… shows what a command says, and whether its exit code and a part of its words are as expected.
expect() {
	local code=$1 text=$2 said got=0
	shift 2
	said=$("$@" 2>&1) || got=$?
	printf '$ %s\n%s\n[exit code %d]\n' "$*" "$said" "$got"
	if [[ $got != "$code" || $said != *"$text"* ]]; then
		echo "expected exit code $code and: $text"
		changed=1
	fi
}

echo hello > hello.txt
bsdtar --zstd -cf file.tar.zst hello.txt
bsdtar --zstd -cf - hello.txt | cat > piped.tar.zst
bsdtar --gzip -cf - hello.txt | cat > piped.tar.gz

size=$(stat -c %s file.tar.zst)
head -c "$size" piped.tar.zst | cmp - file.tar.zst && echo "both begin with the same $size bytes" || changed=1
expect 0 10240 stat -c %s piped.tar.zst
expect 0 0 sh -c "tail -c +$((size + 1)) piped.tar.zst | tr -d '\\0' | wc -c"

expect 0 '' zstd -qt file.tar.zst
expect 1 'unsupported format' zstd -qt piped.tar.zst
expect 2 'unsupported format' tar --zstd -tf piped.tar.zst
expect 1 'Unknown frame descriptor' bsdtar -tf piped.tar.zst
expect 0 '' gzip -t piped.tar.gz
exit $changed
