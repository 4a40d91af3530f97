// Turns rendered manifests into TypeScript: each object as a literal of the type of its kind, so that the compiler finds
// fields that do not exist, are missing or have another type. What types cannot say (formats, numbers) is validated here.
// Alerts become files of rules as Prometheus reads them, named after the set of values.
import { readFileSync, writeFileSync } from "node:fs";
import { parseAllDocuments, stringify } from "yaml";

const GROUPS = {
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
  "cert-manager.io": "@kubernetes-models/cert-manager",
};

function modelOf({ apiVersion, kind }) {
  const library = GROUPS[apiVersion.split("/")[0]] ?? "kubernetes-models";
  return `${library}/${apiVersion}/${kind}`;
}

let count = 0;
for (const file of process.argv.slice(2)) {
  const lines = [];
  for (const document of parseAllDocuments(readFileSync(file, "utf8"), { uniqueKeys: true })) {
    if (document.errors.length > 0) {
      throw new Error(`${file}: ${document.errors[0].message}`);
    }
    const object = document.toJS();
    if (object === null) {
      continue;
    }
    const model = modelOf(object);
    const { [object.kind]: Model } = await import(model);
    new Model(object).validate();
    lines.push(`// ${object.kind} ${object.metadata.name}`);
    lines.push(`import { I${object.kind} as I${count} } from "${model}";`);
    lines.push(`export const object${count}: I${count} = ${JSON.stringify(object, null, 2)};`);
    count++;
    if (object.kind === "PrometheusRule") {
      writeFileSync(file.replace(/\.rendered\.yaml$/, ".rules.yaml"), stringify(object.spec));
    }
  }
  writeFileSync(file.replace(/\.yaml$/, ".ts"), lines.join("\n") + "\n");
}
writeFileSync("tsconfig.json", JSON.stringify({
  compilerOptions: {
    strict: true, noEmit: true, module: "nodenext", moduleResolution: "nodenext", target: "es2022", skipLibCheck: true,
  },
  include: ["*.rendered.ts"],
}));
console.log(`chart: ${count} objects`);
