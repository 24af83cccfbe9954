// A made-up document to photograph, so that nobody is tempted to try the demo with a real one.

const WIDTH = 900;
const HEIGHT = 1200;

/** A JPEG file of a paper that says, in large letters, that it is a sample. */
export async function drawPaper({ first_name: name }) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#b9a88d";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.translate(WIDTH / 2, HEIGHT / 2);
  pen.rotate(-0.03);
  pen.fillStyle = "#fbf7ec";
  pen.shadowColor = "rgb(60 40 10 / 35%)";
  pen.shadowBlur = 40;
  pen.fillRect(-380, -520, 760, 1040);
  pen.shadowBlur = 0;
  writeLines(pen, name);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return new File([blob], "sample-paper.jpg", { type: "image/jpeg" });
}

function writeLines(pen, name) {
  pen.textAlign = "center";
  pen.fillStyle = "#4a4236";
  pen.font = "600 52px Georgia, serif";
  pen.fillText("SAMPLE PAPER", 0, -390);
  pen.font = "30px Georgia, serif";
  pen.fillText("made up for the demo, not a document", 0, -335);
  pen.font = "italic 44px Georgia, serif";
  pen.fillText(name, 0, -190);
  pen.strokeStyle = "#c9bfa9";
  pen.lineWidth = 3;
  for (let line = 0; line < 9; line += 1) {
    pen.beginPath();
    pen.moveTo(-290, -150 + line * 62);
    pen.lineTo(line % 3 === 2 ? 120 : 290, -150 + line * 62);
    pen.stroke();
  }
  pen.strokeStyle = "#7a5f9a";
  pen.lineWidth = 7;
  pen.beginPath();
  pen.arc(210, 400, 74, 0, Math.PI * 2);
  pen.stroke();
}
