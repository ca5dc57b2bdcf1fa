// Lines, as the Tasks plugin reads and ticks them: {"settings": ..., "filePath": ..., "lines": [...]} on stdin -> JSON on stdout.
import { readFileSync } from 'node:fs';
import moment from 'moment';
import { updateSettings, getSettings } from './obsidian-tasks/src/Config/Settings';
import { GlobalFilter } from './obsidian-tasks/src/Config/GlobalFilter';
import { Task } from './obsidian-tasks/src/Task/Task';
import { TaskLocation } from './obsidian-tasks/src/Task/TaskLocation';
import { TasksFile } from './obsidian-tasks/src/Scripting/TasksFile';

globalThis.window = { moment };
const { settings, lines } = JSON.parse(readFileSync(0, 'utf8'));
updateSettings({ ...getSettings(), ...settings });
GlobalFilter.getInstance().set(settings.globalFilter ?? '');

const day = (date) => date?.format('YYYY-MM-DD') ?? null;
const read = (line) => {
    const taskLocation = TaskLocation.fromUnknownPosition(new TasksFile('Agenda.md'));
    const task = Task.fromLine({ line, taskLocation, fallbackDate: null });
    return task && {
        description: task.description,
        id: task.id,
        due: day(task.dueDate),
        done: day(task.doneDate),
        cancelled: day(task.cancelledDate),
        status: task.status.type,
        written: task.toFileLineString(),
        ticked: task.toggle().map((one) => one.toFileLineString()),
    };
};
process.stdout.write(JSON.stringify(lines.map(read)));
