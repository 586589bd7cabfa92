import QtQuick

// Looks at the items of a window for the tests: Python must not keep wrappers of items that QML deletes.
QtObject {
    id: probe

    required property var window

    // What is scrolled out of sight, wholly or in part, is not looked at.
    function walk(item, found, above) {
        if (!item.visible)
            return found;
        const box = item.mapToItem(null, 0, 0, item.width, item.height);
        const clip = item.clip ? box : above;
        if (clip && (box.y < clip.y - 2 || box.y + box.height > clip.y + clip.height + 2) && item.children.length === 0)
            return found;
        if (clip && item.isOff !== undefined && (box.y < clip.y - 2 || box.y + box.height > clip.y + clip.height + 2))
            return found;
        const kind = item.toString().split("_")[0].split("(")[0];
        if (item.spoken !== undefined && item.isOff !== undefined)
            found.push({
                "kind": "touch",
                "name": item.spoken,
                "isOn": item.enabled,
                "box": [box.x, box.y, box.width, box.height]
            });
        else if (kind === "Words" && item.text !== "")
            found.push({
                "kind": "words",
                "name": item.text,
                "isCut": item.truncated || item.contentWidth > item.width + 1.5 || item.contentHeight > item.height + 0.45 * item.size,
                "box": [box.x, box.y, box.width, box.height],
                "need": [item.contentWidth, item.contentHeight],
                "color": item.color.toString(),
                "size": item.size,
                "lines": item.lineCount
            });
        else if (kind === "HintStrip")
            found.push({
                "kind": "strip",
                "name": kind,
                "box": [box.x, box.y, box.width, box.height]
            });
        for (let i = 0; i < item.children.length; i++)
            walk(item.children[i], found, clip);
        return found;
    }

    function report(): string {
        return JSON.stringify(walk(window.contentItem, [], null));
    }

    function find(item, name) {
        if (!item.visible)
            return null;
        if (item.spoken !== undefined && item.isOff === false && (item.spoken === name || (name.length > 1 && item.spoken.startsWith(name))))
            return item;
        for (let i = 0; i < item.children.length; i++) {
            const found = find(item.children[i], name);
            if (found)
                return found;
        }
        return null;
    }

    function touch(name: string): bool {
        const item = find(window.contentItem, name);
        if (item)
            item.click();
        return item !== null;
    }

    function focused(): string {
        const item = window.activeFocusItem;
        return item ? String(item.spoken ?? item.toString()) : "";
    }
}
