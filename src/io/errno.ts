/** Why the system refused a file or folder, in words; its code where there are none. */
export function errnoWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return "does not exist";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "access is not allowed";
    case "EISDIR":
      return "is a folder";
    case "EEXIST":
    case "ENOTDIR":
      return "a part of the path is a file";
    case "ENOSPC":
      return "the disk is full";
    default:
      return code ?? message;
  }
}
