namespace LatentSync;

/// <summary>How the files of an imported model get into the store.</summary>
public enum ModelImportMode
{
    /// <summary>Linked where the file system allows it, else copied.</summary>
    LinkOrCopy,

    /// <summary>Linked: the file gets a second name and takes no more space. Changing one name's content changes the other's.</summary>
    Link,

    /// <summary>Copied.</summary>
    Copy,
}
