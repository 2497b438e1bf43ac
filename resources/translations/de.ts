<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>Melic</name>
    <message>
      <location filename="../../app/asking.py" />
      <source>Delete</source>
      <translation>Löschen</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Delete what was open of “{title}”?</source>
      <translation>Löschen, was von „{title}“ offen war?</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Don’t save</source>
      <translation>Nicht speichern</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>It was never saved; this cannot be taken back.</source>
      <translation>Es wurde nie gespeichert; das lässt sich nicht zurücknehmen.</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Its weights are deleted from this computer; this cannot be taken back.</source>
      <translation>Seine Gewichte werden von diesem Computer gelöscht; das lässt sich nicht zurücknehmen.</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Keep it</source>
      <translation>Behalten</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Keep working</source>
      <translation>Weiterarbeiten</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Melic project</source>
      <translation>Melic-Projekt</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Open a project: choose its folder</source>
      <translation>Projekt öffnen: seinen Ordner wählen</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Otherwise this would be lost: {names}.</source>
      <translation>Sonst ginge verloren: {names}.</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Remove the model “{title}”?</source>
      <translation>Das Modell „{title}“ entfernen?</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Save</source>
      <translation>Speichern</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Save the project as</source>
      <translation>Projekt speichern unter</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>Save “{title}” before closing?</source>
      <translation>„{title}“ vor dem Schließen speichern?</translation>
    </message>
    <message>
      <location filename="../../app/asking.py" />
      <source>{names} and {count} more</source>
      <translation>{names} und {count} weitere</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>Batch: {name}</source>
      <translation>Stapel: {name}</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>There is no sound to open in {names}.</source>
      <translation>In {names} ist kein Klang, der sich öffnen ließe.</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>{count} being made</source>
      <translation>{count} in Arbeit</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>{count} done</source>
      <translation>{count} fertig</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>{count} done before</source>
      <translation>{count} schon fertig</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>{count} failed</source>
      <translation>{count} fehlgeschlagen</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>{count} waiting</source>
      <translation>{count} warten</translation>
    </message>
    <message>
      <location filename="../../app/blind.py" />
      <source>Difference of {a} and {b}</source>
      <translation>Differenz von {a} und {b}</translation>
    </message>
    <message>
      <location filename="../../app/closer.py" />
      <source>Export the selection</source>
      <translation>Auswahl exportieren</translation>
    </message>
    <message>
      <location filename="../../app/closer.py" />
      <source>Export {name}</source>
      <translation>{name} exportieren</translation>
    </message>
    <message>
      <location filename="../../app/closer.py" />
      <source>Extract selection of {name}</source>
      <translation>Auswahl von {name} herauslösen</translation>
    </message>
    <message>
      <location filename="../../app/closer.py" />
      <source>Remove selection from {name}</source>
      <translation>Auswahl aus {name} entfernen</translation>
    </message>
    <message>
      <location filename="../../app/closer.py" />
      <source>Selection</source>
      <translation>Auswahl</translation>
    </message>
    <message>
      <location filename="../../app/closer.py" />
      <source>Selection of {name}</source>
      <translation>Auswahl von {name}</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>0 dB and the middle for the selected lane</source>
      <translation>0 dB und die Mitte für die ausgewählte Spur</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>A semitone higher; the speed stays</source>
      <translation>Einen Halbton höher; die Geschwindigkeit bleibt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>A semitone lower; the speed stays</source>
      <translation>Einen Halbton tiefer; die Geschwindigkeit bleibt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>A sound, and a notice if you are in another program</source>
      <translation>Ein Ton, und eine Nachricht, wenn Sie in einem anderen Programm sind</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>A twentieth faster; the pitch stays</source>
      <translation>Ein Zwanzigstel schneller; die Tonhöhe bleibt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>A twentieth slower; the pitch stays</source>
      <translation>Ein Zwanzigstel langsamer; die Tonhöhe bleibt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>About Melic…</source>
      <translation>Über Melic …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Add a box</source>
      <translation>Kasten hinzufügen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Add what the stems left out of the mix as a lane</source>
      <translation>Was den Stems vom Mix fehlt, als Spur hinzufügen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>As fast as it was made</source>
      <translation>So schnell wie aufgenommen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>As high as it was made</source>
      <translation>So hoch wie aufgenommen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Back to the range of colours that suits most songs</source>
      <translation>Zurück zum Farbbereich, der zu den meisten Stücken passt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Batch…</source>
      <translation>Stapel …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Be dark or light when the system is</source>
      <translation>Dunkel oder hell sein, wenn das System es ist</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Box</source>
      <translation>Kasten</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Brighter colours</source>
      <translation>Hellere Farben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Bring back what was open when Melic ended unexpectedly</source>
      <translation>Zurückholen, was offen war, als Melic unerwartet endete</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Brush</source>
      <translation>Pinsel</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Choose the model: for one voice, or for chords and instruments</source>
      <translation>Das Modell wählen: für eine Stimme oder für Akkorde und Instrumente</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Clear selection or loop</source>
      <translation>Auswahl oder Schleife aufheben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Click to move the playhead</source>
      <translation>Klicken setzt die Abspielposition</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Close Melic</source>
      <translation>Melic schließen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Close this window; others stay open</source>
      <translation>Dieses Fenster schließen; andere bleiben offen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Close window</source>
      <translation>Fenster schließen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Colours</source>
      <translation>Farben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Colours of the system</source>
      <translation>Farben des Systems</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Compare</source>
      <translation>Vergleichen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Compare A/B</source>
      <translation>A/B vergleichen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Compare with the next lane</source>
      <translation>Mit der nächsten Spur vergleichen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Controls have their usual size.</source>
      <translation>Die Bedienelemente haben ihre übliche Größe.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Copy lane as file</source>
      <translation>Spur als Datei kopieren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Copy marked part as file</source>
      <translation>Markierten Teil als Datei kopieren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Count in</source>
      <translation>Einzählen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Dark</source>
      <translation>Dunkel</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Dark on light, for bright rooms</source>
      <translation>Dunkel auf hell, für helle Räume</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Darker colours</source>
      <translation>Dunklere Farben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Deutsch</source>
      <translation>Deutsch</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Drag a box of time and frequency; its edges, its inside and the arrow keys move it</source>
      <translation>Einen Kasten aus Zeit und Frequenz ziehen; seine Ränder, sein Inneres und die Pfeiltasten verschieben ihn</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Draw along the lowest partial of a tone: all its partials follow the pitch</source>
      <translation>Dem tiefsten Teilton eines Tons entlangfahren: Alle seine Teiltöne folgen der Tonhöhe</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Edit</source>
      <translation>Bearbeiten</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>End the comparison</source>
      <translation>Vergleich beenden</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>English</source>
      <translation>English</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Every change by name; go back to any of them</source>
      <translation>Jede Änderung mit Namen; zurück zu jeder von ihnen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Every key in one list, to search and to change</source>
      <translation>Alle Tasten in einer Liste, zum Suchen und Ändern</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Everything a quarter larger from the next start on</source>
      <translation>Ab dem nächsten Start alles um ein Viertel größer</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Everything a quarter smaller from the next start on</source>
      <translation>Ab dem nächsten Start alles um ein Viertel kleiner</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Everything that runs, waits or ended</source>
      <translation>Alles, was läuft, wartet oder beendet ist</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Export the selection…</source>
      <translation>Auswahl exportieren …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Export…</source>
      <translation>Exportieren …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Extract to a lane</source>
      <translation>Als Spur herauslösen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Faster</source>
      <translation>Schneller</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Find a command…</source>
      <translation>Befehl suchen …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Find the notes of this lane; of a song, those of its singer</source>
      <translation>Die Noten dieser Spur finden; bei einem Stück die der Gesangsstimme</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Fit the whole song</source>
      <translation>Ganzes Stück zeigen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Flatter</source>
      <translation>Flacher</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Flatter brush</source>
      <translation>Flacherer Pinsel</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Follow the tone in the selection</source>
      <translation>Dem Ton in der Auswahl folgen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>From start to end, every frequency</source>
      <translation>Von Anfang bis Ende, alle Frequenzen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>From the lowest to the highest there is</source>
      <translation>Vom tiefsten bis zum höchsten Ton</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Full screen</source>
      <translation>Vollbild</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Go on in another project folder; this one stays as it is</source>
      <translation>In einem anderen Projektordner weitermachen; dieser bleibt, wie er ist</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Go on with what was saved, here or in a window of its own</source>
      <translation>Mit Gespeichertem weitermachen, hier oder in einem eigenen Fenster</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Go to end</source>
      <translation>Zum Ende</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Go to start</source>
      <translation>Zum Anfang</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Harmonic</source>
      <translation>Teiltöne</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Hear all lanes as they are set</source>
      <translation>Alle Spuren hören, wie sie eingestellt sind</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Hear it all once more</source>
      <translation>Alles noch einmal hören</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Hear the last moments again</source>
      <translation>Die letzten Augenblicke noch einmal hören</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Hear the residual</source>
      <translation>Rest anhören</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Hear the selected lane alone</source>
      <translation>Nur die ausgewählte Spur hören</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Hear the selected lane and another in turn, equally loud</source>
      <translation>Die gewählte Spur und eine andere abwechselnd hören, gleich laut</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Hear what is marked and nothing else, again and again in a loop</source>
      <translation>Nur das Markierte hören, in einer Schleife immer wieder</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Help</source>
      <translation>Hilfe</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Hide quieter sounds</source>
      <translation>Leiseres verbergen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>History</source>
      <translation>Verlauf</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Inspector</source>
      <translation>Inspektor</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Jobs</source>
      <translation>Aufgaben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Jump ahead 5 s</source>
      <translation>5 s vor</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Jump back 5 s</source>
      <translation>5 s zurück</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Keep every lane and setting in a project folder</source>
      <translation>Alle Spuren und Einstellungen in einem Projektordner aufbewahren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Keyboard shortcuts…</source>
      <translation>Tastenkürzel …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Lanes as they are shown, as PNG, SVG or PDF with axes and colour bar</source>
      <translation>Spuren, wie sie zu sehen sind, als PNG, SVG oder PDF mit Achsen und Farbskala</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Lanes of equal height</source>
      <translation>Gleich hohe Spuren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Language of the system</source>
      <translation>Sprache des Systems</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Larger controls</source>
      <translation>Größere Bedienelemente</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Leave a box out of what is marked</source>
      <translation>Einen Kasten vom Markierten ausnehmen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let all lanes share the room again</source>
      <translation>Alle Spuren teilen sich wieder den Platz</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let another lane be B</source>
      <translation>Eine andere Spur wird B</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let it fill the view, in time and in pitch</source>
      <translation>Sie die Ansicht füllen lassen, in Zeit und Tonhöhe</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let keys act on the lane above</source>
      <translation>Tasten wirken auf die Spur darüber</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let keys act on the lane below</source>
      <translation>Tasten wirken auf die Spur darunter</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the box end a semitone lower</source>
      <translation>Den Kasten einen Halbton tiefer enden lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the box end earlier</source>
      <translation>Den Kasten früher enden lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the box end later</source>
      <translation>Den Kasten später enden lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the box reach a semitone higher</source>
      <translation>Den Kasten einen Halbton höher reichen lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the colours begin 2 dB higher</source>
      <translation>Die Farben 2 dB höher beginnen lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the colours begin 2 dB lower</source>
      <translation>Die Farben 2 dB tiefer beginnen lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the colours end 2 dB higher</source>
      <translation>Die Farben 2 dB höher enden lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the colours end 2 dB lower</source>
      <translation>Die Farben 2 dB tiefer enden lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the loop end where the playhead is</source>
      <translation>Die Schleife an der Abspielposition enden lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the loop start where the playhead is</source>
      <translation>Die Schleife an der Abspielposition beginnen lassen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Let the marked seconds sound again, or all of the lane</source>
      <translation>Die markierten Sekunden klingen wieder, oder die ganze Spur</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Light</source>
      <translation>Hell</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Light on dark: sound is the brightest thing</source>
      <translation>Hell auf dunkel: Der Klang ist das Hellste</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Listen to the microphone</source>
      <translation>Mikrofon hören</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Listen to the original, then to the stems again</source>
      <translation>Das Original hören, dann wieder die Stems</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Log, mel or linear</source>
      <translation>Logarithmisch, Mel oder linear</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Longer</source>
      <translation>Länger</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Look at higher pitches</source>
      <translation>Höhere Töne ansehen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Look at lower pitches</source>
      <translation>Tiefere Töne ansehen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Look at what comes after</source>
      <translation>Ansehen, was danach kommt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Look at what comes before</source>
      <translation>Ansehen, was davor kommt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Loop</source>
      <translation>Schleife</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Loop from the playhead</source>
      <translation>Schleife ab Abspielposition</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Loop to the playhead</source>
      <translation>Schleife bis Abspielposition</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Louder</source>
      <translation>Lauter</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Lower the selected lane by 1 dB</source>
      <translation>Die ausgewählte Spur um 1 dB absenken</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Magma, grey or inverse grey</source>
      <translation>Magma, Grau oder umgekehrtes Grau</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Make a lane of what is marked, in its place; muted, as it sounds already</source>
      <translation>Aus dem Markierten eine Spur machen, an seiner Stelle; stumm, denn es klingt schon</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Make room for other lanes</source>
      <translation>Platz für andere Spuren machen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Make the change again</source>
      <translation>Die Änderung wiederholen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Make two lanes of this song: the singer and the band</source>
      <translation>Aus diesem Stück zwei Spuren machen: Gesang und Band</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Mark a box in the middle of the view; type its edges or move it with the arrow keys</source>
      <translation>Einen Kasten in der Mitte der Ansicht markieren; seine Ränder eintippen oder ihn mit den Pfeiltasten verschieben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Mark a part of a lane or a loop.</source>
      <translation>Einen Teil einer Spur oder eine Schleife markieren.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Mark nothing, end the loop and close what is open</source>
      <translation>Nichts markieren, die Schleife beenden und schließen, was offen ist</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Mark the loudest tone inside with all its partials</source>
      <translation>Den lautesten Ton darin mit allen Teiltönen markieren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move down</source>
      <translation>Nach unten</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move earlier</source>
      <translation>Früher</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move later</source>
      <translation>Später</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move the playhead by a tenth of a second</source>
      <translation>Die Abspielposition um eine Zehntelsekunde verschieben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move the selected lane to the left</source>
      <translation>Die ausgewählte Spur nach links rücken</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move the selected lane to the right</source>
      <translation>Die ausgewählte Spur nach rechts rücken</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move the selection by a hundredth of a second</source>
      <translation>Die Auswahl um eine Hundertstelsekunde verschieben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move the selection by a semitone</source>
      <translation>Die Auswahl um einen Halbton verschieben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Move up</source>
      <translation>Nach oben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Mute</source>
      <translation>Stumm</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Mute selection in this lane</source>
      <translation>Auswahl in dieser Spur stummschalten</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Narrower brush</source>
      <translation>Schmalerer Pinsel</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Navigate</source>
      <translation>Bewegen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>New window</source>
      <translation>Neues Fenster</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Next colours</source>
      <translation>Nächste Farben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Next pitch axis</source>
      <translation>Nächste Tonhöhenachse</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>No box is marked on a lane.</source>
      <translation>Auf keiner Spur ist ein Kasten markiert.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>No finished lane is selected.</source>
      <translation>Keine fertige Spur ist ausgewählt.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>No finished lane with sound is selected.</source>
      <translation>Keine fertige Spur mit Klang ist ausgewählt.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>No lane is selected.</source>
      <translation>Keine Spur ist ausgewählt.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Normal pitch</source>
      <translation>Normale Tonhöhe</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Normal speed</source>
      <translation>Normale Geschwindigkeit</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Notes</source>
      <translation>Noten</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Nothing is compared.</source>
      <translation>Es wird nichts verglichen.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Nothing is marked on a finished lane.</source>
      <translation>Auf keiner fertigen Spur ist etwas markiert.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Nothing is marked on a lane.</source>
      <translation>Auf keiner Spur ist etwas markiert.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Nothing is selected on this lane, and there is no loop.</source>
      <translation>Auf dieser Spur ist nichts ausgewählt, und es gibt keine Schleife.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Nothing was lost.</source>
      <translation>Nichts ging verloren.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Nudge ahead</source>
      <translation>Ein wenig vor</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Nudge back</source>
      <translation>Ein wenig zurück</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Open every song in a folder</source>
      <translation>Alle Stücke eines Ordners öffnen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Open folder…</source>
      <translation>Ordner öffnen …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Open project…</source>
      <translation>Projekt öffnen …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Open recent</source>
      <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Open songs, or the sound of videos</source>
      <translation>Stücke öffnen, oder den Ton von Videos</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Open the demo song</source>
      <translation>Beispielstück öffnen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Open…</source>
      <translation>Öffnen …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Paint fewer pitches at once</source>
      <translation>Weniger Töne auf einmal malen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Paint less time at once</source>
      <translation>Weniger Zeit auf einmal malen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Paint more pitches at once</source>
      <translation>Mehr Töne auf einmal malen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Paint more time at once</source>
      <translation>Mehr Zeit auf einmal malen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Paint what you mean; Shift adds, Alt takes away</source>
      <translation>Malen, was gemeint ist; Umschalt fügt hinzu, Alt nimmt weg</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Pan to the left</source>
      <translation>Nach links rücken</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Pan to the right</source>
      <translation>Nach rechts rücken</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Paste it in a folder or another program; the lane's name can be dragged there too</source>
      <translation>In einen Ordner oder ein anderes Programm einfügen; auch der Name der Spur lässt sich dorthin ziehen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Paste what is selected, or the loop, of this lane elsewhere</source>
      <translation>Das Ausgewählte dieser Spur, oder die Schleife, anderswo einfügen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Pause</source>
      <translation>Pause</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Picture…</source>
      <translation>Bild …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Pitch</source>
      <translation>Tonhöhe</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Play</source>
      <translation>Abspielen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Play from the playhead, or pause</source>
      <translation>Ab der Abspielposition abspielen, oder anhalten</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Play from the start</source>
      <translation>Von Anfang an abspielen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Play only the selection</source>
      <translation>Nur die Auswahl abspielen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Practice</source>
      <translation>Üben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Press it with the beat, at least twice</source>
      <translation>Im Takt drücken, mindestens zweimal</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Put the playhead at the end</source>
      <translation>Die Abspielposition ans Ende setzen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Put the playhead at the start</source>
      <translation>Die Abspielposition an den Anfang setzen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Queue all songs that have no stems yet</source>
      <translation>Alle Stücke ohne Stems nacheinander trennen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Quieter</source>
      <translation>Leiser</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Quit</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Raise the selected lane by 1 dB</source>
      <translation>Die ausgewählte Spur um 1 dB anheben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Record</source>
      <translation>Aufnehmen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Record the microphone to a new lane, in time with what plays</source>
      <translation>Das Mikrofon auf eine neue Spur aufnehmen, im Takt mit dem, was spielt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Recover what was open</source>
      <translation>Wiederherstellen, was offen war</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Redo</source>
      <translation>Wiederholen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Redo: {name}</source>
      <translation>Wiederholen: {name}</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Remove from the lane</source>
      <translation>Aus der Spur entfernen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Remove lane</source>
      <translation>Spur entfernen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Remove selection</source>
      <translation>Auswahl entfernen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Repeat the region marked in the ruler, or what is in view</source>
      <translation>Den im Lineal markierten Bereich wiederholen, oder was zu sehen ist</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Save as…</source>
      <translation>Speichern unter …</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Scroll down in pitch</source>
      <translation>Zu tieferen Tönen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Scroll left</source>
      <translation>Nach links</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Scroll right</source>
      <translation>Nach rechts</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Scroll up in pitch</source>
      <translation>Zu höheren Tönen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>See fewer pitches, but finer</source>
      <translation>Weniger Töne sehen, aber feiner</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>See less time, but finer</source>
      <translation>Weniger Zeit sehen, aber feiner</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>See more of the selected lane</source>
      <translation>Mehr von der ausgewählten Spur sehen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>See more pitches at once</source>
      <translation>Mehr Töne auf einmal sehen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>See more time at once</source>
      <translation>Mehr Zeit auf einmal sehen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>See the pitch, the level and the spectrum of your voice as you sing</source>
      <translation>Tonhöhe, Pegel und Spektrum der eigenen Stimme beim Singen sehen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Select</source>
      <translation>Auswahl</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Select all of the lane</source>
      <translation>Ganze Spur markieren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Select lane above</source>
      <translation>Spur darüber auswählen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Select lane below</source>
      <translation>Spur darunter auswählen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Separate every song</source>
      <translation>Alle Stücke trennen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Separate vocals</source>
      <translation>Gesang trennen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Shorter</source>
      <translation>Kürzer</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Shorter lane</source>
      <translation>Niedrigere Spur</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Show every pitch</source>
      <translation>Alle Tonhöhen zeigen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Show everything from start to end</source>
      <translation>Alles von Anfang bis Ende zeigen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Show quieter sounds</source>
      <translation>Leiseres zeigen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Show the first hints again</source>
      <translation>Die ersten Hinweise wieder zeigen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Silence the marked seconds, or the loop, for playing and for export</source>
      <translation>Die markierten Sekunden oder die Schleife verstummen, beim Abspielen und beim Export</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Silence the selected lane</source>
      <translation>Die ausgewählte Spur stummschalten</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Skip a little</source>
      <translation>Ein Stück überspringen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Slower</source>
      <translation>Langsamer</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Smaller controls</source>
      <translation>Kleinere Bedienelemente</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Solo</source>
      <translation>Solo</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Some beats before playing begins, at the tempo of the project</source>
      <translation>Einige Schläge vor dem Abspielen, im Tempo des Projekts</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Speak English from the next start on</source>
      <translation>Ab dem nächsten Start Englisch sprechen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Speak German from the next start on</source>
      <translation>Ab dem nächsten Start Deutsch sprechen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Speak what the computer speaks, from the next start on</source>
      <translation>Ab dem nächsten Start sprechen, was der Computer spricht</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Speed, transposition, count-in and A/B in one row</source>
      <translation>Geschwindigkeit, Tonhöhe, Einzählen und A/B in einer Zeile</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Stop</source>
      <translation>Stopp</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Stop and go back to the start</source>
      <translation>Anhalten und zurück zum Anfang</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Stop recording</source>
      <translation>Aufnahme beenden</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Swap mix and stems</source>
      <translation>Mix und Stems tauschen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Take a box away</source>
      <translation>Kasten wegnehmen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Take a folder of songs through a chain of steps, and leave it alone</source>
      <translation>Einen Ordner voller Stücke durch eine Kette von Schritten schicken, ohne dabeizubleiben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Take away what is marked on the lane or, if nothing is, the lane itself</source>
      <translation>Das Markierte aus der Spur nehmen oder, wenn nichts markiert ist, die Spur selbst</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Take the last change back</source>
      <translation>Die letzte Änderung zurücknehmen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Take what is marked out of the lane's sound; the rest stays</source>
      <translation>Das Markierte aus dem Klang der Spur nehmen; der Rest bleibt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Taller</source>
      <translation>Höher</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Taller brush</source>
      <translation>Höherer Pinsel</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Taller lane</source>
      <translation>Höhere Spur</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Tap the tempo</source>
      <translation>Tempo tippen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Tell when a long job ends</source>
      <translation>Melden, wenn eine lange Aufgabe endet</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>The projects that were opened or saved last</source>
      <translation>Die zuletzt geöffneten oder gespeicherten Projekte</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>The three hints of the first start</source>
      <translation>Die drei Hinweise vom ersten Start</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Theme</source>
      <translation>Erscheinungsbild</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>There is no other lane to compare with.</source>
      <translation>Es gibt keine andere Spur zum Vergleichen.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>There is no song yet.</source>
      <translation>Es gibt noch kein Stück.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>This lane has no mute ranges.</source>
      <translation>Diese Spur hat keine stummen Bereiche.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>This song has no stems yet.</source>
      <translation>Dieses Stück hat noch keine Stems.</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Track</source>
      <translation>Spur</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Transcribe</source>
      <translation>Transkribieren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Transcribe with</source>
      <translation>Transkribieren mit</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Transpose down</source>
      <translation>Tiefer transponieren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Transpose up</source>
      <translation>Höher transponieren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Try Melic on a short song that comes with it</source>
      <translation>Melic an einem kurzen mitgelieferten Stück ausprobieren</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Type a part of its name, press Return</source>
      <translation>Einen Teil des Namens tippen, Eingabe drücken</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Undo</source>
      <translation>Rückgängig</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Undo: {name}</source>
      <translation>Rückgängig: {name}</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Unmute ranges</source>
      <translation>Stumme Bereiche aufheben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Use every pixel for sound</source>
      <translation>Jeden Bildpunkt für den Klang nutzen</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Usual colour range</source>
      <translation>Üblicher Farbbereich</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Usual gain and pan</source>
      <translation>Üblicher Pegel, Mitte</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Version, licences, and what this computer can do</source>
      <translation>Version, Lizenzen und was dieser Computer kann</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>View</source>
      <translation>Ansicht</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>What is selected, what is under the pointer, what sounds</source>
      <translation>Was ausgewählt ist, was unter dem Zeiger liegt, was klingt</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Wider brush</source>
      <translation>Breiterer Pinsel</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Work on something else beside this</source>
      <translation>Daneben an etwas anderem arbeiten</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Write stems or the mix to files</source>
      <translation>Stems oder den Mix in Dateien schreiben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Write what is marked to a file</source>
      <translation>Das Markierte in eine Datei schreiben</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Zoom in</source>
      <translation>Vergrößern</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Zoom in on pitch</source>
      <translation>Tonhöhe vergrößern</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Zoom out</source>
      <translation>Verkleinern</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Zoom out on pitch</source>
      <translation>Tonhöhe verkleinern</translation>
    </message>
    <message>
      <location filename="../../app/commands.py" />
      <source>Zoom to the selection</source>
      <translation>Auswahl vergrößern</translation>
    </message>
    <message>
      <location filename="../../app/dragging.py" />
      <source>Copied as {name}</source>
      <translation>Als {name} kopiert</translation>
    </message>
    <message>
      <location filename="../../app/dragging.py" />
      <source>Making the file…</source>
      <translation>Die Datei entsteht …</translation>
    </message>
    <message>
      <location filename="../../app/helping.py" />
      <source>From the next start on everything is shown at {percent} %.</source>
      <translation>Ab dem nächsten Start wird alles mit {percent} % gezeigt.</translation>
    </message>
    <message>
      <location filename="../../app/helping.py" />
      <source>Melic speaks the new language from its next start on.</source>
      <translation>Melic spricht die neue Sprache ab dem nächsten Start.</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>All files</source>
      <translation>Alle Dateien</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>Close anyway</source>
      <translation>Trotzdem schließen</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>Closing ends it; nothing half-written is left behind.</source>
      <translation>Schließen beendet das; nichts halb Geschriebenes bleibt zurück.</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>Drop to open {count} files and folders</source>
      <translation>Loslassen, um {count} Dateien und Ordner zu öffnen</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>Drop to open {name}</source>
      <translation>Loslassen, um {name} zu öffnen</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>Open songs</source>
      <translation>Stücke öffnen</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>Sound</source>
      <translation>Klang</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>Sound and notes</source>
      <translation>Klang und Noten</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>“{title}” and {count} more are not done yet.</source>
      <translation>„{title}“ und {count} weitere sind noch nicht fertig.</translation>
    </message>
    <message>
      <location filename="../../app/main_window.py" />
      <source>“{title}” is not done yet.</source>
      <translation>„{title}“ ist noch nicht fertig.</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>All notes</source>
      <translation>Alle Noten</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>All notes down</source>
      <translation>Alle Noten tiefer</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>All notes up</source>
      <translation>Alle Noten höher</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Count half as many beats a minute</source>
      <translation>Halb so viele Schläge pro Minute zählen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Count twice as many beats a minute</source>
      <translation>Doppelt so viele Schläge pro Minute zählen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Every note of the lane a semitone higher</source>
      <translation>Jede Note der Spur einen Halbton höher</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Every note of the lane a semitone lower</source>
      <translation>Jede Note der Spur einen Halbton tiefer</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Export notes…</source>
      <translation>Noten exportieren…</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Finer parts of a beat, and round again</source>
      <translation>Feinere Teile eines Schlags und wieder von vorn</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>First beat here</source>
      <translation>Erster Schlag hier</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Give the selected lane notes from MIDI, MusicXML, UltraStar or .ds</source>
      <translation>Der ausgewählten Spur Noten aus MIDI, MusicXML, UltraStar oder .ds geben</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Go through the keys</source>
      <translation>Die Tonarten durchgehen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Go through the keys the other way</source>
      <translation>Die Tonarten rückwärts durchgehen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Go to the sliders</source>
      <translation>Zu den Reglern gehen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Half the tempo</source>
      <translation>Halbes Tempo</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Hear the notes louder and the recording softer</source>
      <translation>Die Noten lauter und die Aufnahme leiser hören</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Hear the recording louder and the notes softer</source>
      <translation>Die Aufnahme lauter und die Noten leiser hören</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>How the notes are heard, counted and read, above the lanes</source>
      <translation>Wie die Noten gehört, gezählt und gelesen werden, über den Spuren</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Key before</source>
      <translation>Vorige Tonart</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Let a bar begin where the playhead is</source>
      <translation>Einen Takt am Abspielkopf beginnen lassen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Listen</source>
      <translation>Hören</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>MIDI, MusicXML, UltraStar, a table or a picture</source>
      <translation>MIDI, MusicXML, UltraStar, eine Tabelle oder ein Bild</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Melody</source>
      <translation>Melodie</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Melody strip</source>
      <translation>Melodieleiste</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>More of the notes</source>
      <translation>Mehr von den Noten</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>More of the recording</source>
      <translation>Mehr von der Aufnahme</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Next grid</source>
      <translation>Nächstes Raster</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Next key</source>
      <translation>Nächste Tonart</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Next length of bars</source>
      <translation>Nächste Taktlänge</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Other sound</source>
      <translation>Anderer Klang</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Play the notes as a piano or as a tone</source>
      <translation>Die Noten als Klavier oder als Ton spielen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Quantised</source>
      <translation>Gerastert</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Remove notes</source>
      <translation>Noten entfernen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>See, hear and export the notes on the beat grid and in the key, or as sung</source>
      <translation>Die Noten im Raster und in der Tonart sehen, hören und exportieren, oder wie gesungen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Sliders</source>
      <translation>Regler</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Tab goes on from there, the arrow keys move each</source>
      <translation>Tab geht von dort weiter, die Pfeiltasten bewegen jeden</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Take the melody off its lane; Undo brings it back</source>
      <translation>Die Melodie von ihrer Spur nehmen; Rückgängig bringt sie zurück</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Tap the tempo of the song</source>
      <translation>Tempo des Stücks tippen</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Tempo and key</source>
      <translation>Tempo und Tonart</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>This lane has no notes yet.</source>
      <translation>Diese Spur hat noch keine Noten.</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Twice the tempo</source>
      <translation>Doppeltes Tempo</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Two to seven beats, and round again</source>
      <translation>Zwei bis sieben Schläge und wieder von vorn</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>Use the notes of a file…</source>
      <translation>Noten aus einer Datei nehmen…</translation>
    </message>
    <message>
      <location filename="../../app/melody_commands.py" />
      <source>What counts as a note, and the grid: the strip’s second row</source>
      <translation>Was als Note zählt, und das Raster: die zweite Zeile der Leiste</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Choose the model that takes songs apart</source>
      <translation>Das Modell wählen, das Stücke zerlegt</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Compare blindly (A/B/X)…</source>
      <translation>Blind vergleichen (A/B/X)…</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Every model with what is known of it: choose, measure, try, download, add, remove</source>
      <translation>Jedes Modell mit allem, was man darüber weiß: wählen, messen, ausprobieren, herunterladen, hinzufügen, entfernen</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Find out whether you hear a difference between two lanes, equally loud</source>
      <translation>Herausfinden, ob man zwischen zwei gleich lauten Spuren einen Unterschied hört</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Let the model that separates hear ten seconds from the playhead on, in a loop</source>
      <translation>Das Modell, das trennt, zehn Sekunden ab dem Abspielkopf hören lassen, in einer Schleife</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Models…</source>
      <translation>Modelle…</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Select a song that is not being worked on.</source>
      <translation>Wählen Sie ein Stück, an dem gerade nicht gearbeitet wird.</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Separate with</source>
      <translation>Trennen mit</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>There are no two lanes to compare.</source>
      <translation>Es gibt keine zwei Spuren, die man vergleichen könnte.</translation>
    </message>
    <message>
      <location filename="../../app/model_commands.py" />
      <source>Try on 10 s</source>
      <translation>Auf 10 s ausprobieren</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>Add model {name}</source>
      <translation>Modell {name} hinzufügen</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>Download {name}</source>
      <translation>{name} herunterladen</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>Drop it together with the model’s weights (.ckpt or .safetensors).</source>
      <translation>Ziehen Sie sie zusammen mit den Gewichten des Modells hierher (.ckpt oder .safetensors).</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>It is being worked on.</source>
      <translation>Daran wird gerade gearbeitet.</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>Measure {name}</source>
      <translation>{name} messen</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>Open a song first, and select it.</source>
      <translation>Öffnen Sie zuerst ein Stück und wählen Sie es aus.</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>Remove model {name}</source>
      <translation>Modell {name} entfernen</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>Select a lane with notes and let it sing them.</source>
      <translation>Wählen Sie eine Spur mit Noten und lassen Sie sie singen.</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>Try {name}</source>
      <translation>{name} ausprobieren</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>used from now on</source>
      <translation>wird ab jetzt benutzt</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>{name} belongs to a model.</source>
      <translation>{name} gehört zu einem Modell.</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>{rate}× real time on {device}</source>
      <translation>{rate}× Echtzeit auf {device}</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>{title} is used from now on</source>
      <translation>{title} wird ab jetzt benutzt</translation>
    </message>
    <message>
      <location filename="../../app/modelling.py" />
      <source>{title} was removed</source>
      <translation>{title} wurde entfernt</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Bend notes</source>
      <translation>Noten biegen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Delete notes</source>
      <translation>Noten löschen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Draw a note</source>
      <translation>Note zeichnen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Draw pitch</source>
      <translation>Tonhöhe zeichnen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Edit lyrics</source>
      <translation>Text bearbeiten</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Edit phonemes</source>
      <translation>Laute bearbeiten</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Erase pitch</source>
      <translation>Tonhöhe löschen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Forget drawn pitch</source>
      <translation>Gezeichnete Tonhöhe verwerfen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Merge notes</source>
      <translation>Noten verbinden</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Move notes</source>
      <translation>Noten verschieben</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>No uncertain note.</source>
      <translation>Keine unsichere Note.</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Note deleted</source>
      <translation>Note gelöscht</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Quantise notes to the grid</source>
      <translation>Noten ins Raster setzen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Quantise notes to the key</source>
      <translation>Noten in die Tonart setzen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Resize notes</source>
      <translation>Notenlänge ändern</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Snap notes to the pitch</source>
      <translation>Noten auf die Tonhöhe setzen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Split notes</source>
      <translation>Noten teilen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Straighten the pitch</source>
      <translation>Tonhöhe begradigen</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>Transpose notes</source>
      <translation>Noten transponieren</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>{count} notes deleted</source>
      <translation>{count} Noten gelöscht</translation>
    </message>
    <message>
      <location filename="../../app/notation.py" />
      <source>{count} notes selected</source>
      <translation>{count} Noten ausgewählt</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>A little earlier</source>
      <translation>Ein wenig früher</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>A little later</source>
      <translation>Ein wenig später</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Add a note</source>
      <translation>Note hinzufügen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>At the playhead, a beat long, at the pitch that is sung there</source>
      <translation>An der Abspielposition, einen Schlag lang, in der dort gesungenen Tonhöhe</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Bring back what was found during the selected notes</source>
      <translation>Zurückholen, was während der ausgewählten Noten gefunden wurde</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Click a note where it should part</source>
      <translation>Eine Note dort anklicken, wo sie sich teilen soll</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Click, drag, pull at an end (of a voice lane's up or down, too); double-click types the lyric</source>
      <translation>Klicken, ziehen, an einem Ende ziehen (auf einer Stimmspur auch auf oder ab); ein Doppelklick tippt den Text</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Drag along what is sung; with Ctrl nobody sings there</source>
      <translation>Am Gesungenen entlang ziehen; mit Strg singt dort niemand</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Drag where a note is sung; up or down bends one of a voice lane; Alt leaves it between the semitones</source>
      <translation>Ziehen, wo eine Note gesungen wird; auf oder ab biegt sie auf einer Stimmspur; mit Alt bleibt sie zwischen den Halbtönen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Draw notes</source>
      <translation>Noten zeichnen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Earlier</source>
      <translation>Früher</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Edit lyrics…</source>
      <translation>Text bearbeiten…</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Erase the pitch</source>
      <translation>Tonhöhe löschen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Every note of the lane</source>
      <translation>Jede Note der Spur</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Go through the notes that are least sure, one after the other</source>
      <translation>Die unsichersten Noten eine nach der anderen durchgehen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Hear a note when it is clicked, moved or gone to</source>
      <translation>Eine Note hören, wenn sie angeklickt, verschoben oder angesprungen wird</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Hear the note</source>
      <translation>Note hören</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Later</source>
      <translation>Später</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Let the curve run straight through the selected notes</source>
      <translation>Die Kurve gerade durch die ausgewählten Noten führen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Let the first selected note sound</source>
      <translation>Die erste ausgewählte Note erklingen lassen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Let the pitches that are sung fill the lane</source>
      <translation>Die gesungenen Tonhöhen die Spur füllen lassen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Let the selected notes end a part of a beat earlier</source>
      <translation>Die ausgewählten Noten einen Teil eines Schlags früher enden lassen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Let the selected notes end a part of a beat later</source>
      <translation>Die ausgewählten Noten einen Teil eines Schlags später enden lassen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Longer notes</source>
      <translation>Längere Noten</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Make one note of those selected, or of this one and the next</source>
      <translation>Aus den ausgewählten eine Note machen, oder aus dieser und der nächsten</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Move</source>
      <translation>Verschieben</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Move the selected notes</source>
      <translation>Die ausgewählten Noten verschieben</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Move the selected notes a little</source>
      <translation>Die ausgewählten Noten ein wenig verschieben</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Move the selected notes by a hundredth of a second</source>
      <translation>Die ausgewählten Noten um eine Hundertstelsekunde verschieben</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Move the selected notes by a part of a beat</source>
      <translation>Die ausgewählten Noten um einen Teil eines Schlags verschieben</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Move the selected notes, or all, by semitones</source>
      <translation>Die ausgewählten Noten, oder alle, um Halbtöne verschieben</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Next note</source>
      <translation>Nächste Note</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Next uncertain note</source>
      <translation>Nächste unsichere Note</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>No note is selected.</source>
      <translation>Keine Note ist ausgewählt.</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Nobody sings during the selected notes, as far as the curve goes</source>
      <translation>Während der ausgewählten Noten singt der Kurve nach niemand</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Octave down</source>
      <translation>Oktave tiefer</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Octave up</source>
      <translation>Oktave höher</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Part the selected note there, or in its middle if the playhead is elsewhere</source>
      <translation>Die ausgewählte Note dort teilen, oder in ihrer Mitte, wenn die Abspielposition woanders ist</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Pitch curve</source>
      <translation>Tonhöhenkurve</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Previous note</source>
      <translation>Vorige Note</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Put the notes where the pitch curve is</source>
      <translation>Die Noten dorthin setzen, wo die Tonhöhenkurve ist</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Put the selected notes, or all, on the beat grid</source>
      <translation>Die ausgewählten Noten, oder alle, ins Taktraster setzen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Put the selected notes, or all, on the nearest pitch of the key</source>
      <translation>Die ausgewählten Noten, oder alle, auf den nächsten Ton der Tonart setzen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Quantise to the grid</source>
      <translation>Ins Raster setzen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Quantise to the key</source>
      <translation>In die Tonart setzen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Select all notes</source>
      <translation>Alle Noten auswählen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Select notes of a lane that has a pitch curve.</source>
      <translation>Wählen Sie Noten einer Spur mit Tonhöhenkurve aus.</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Select the note after this one, and hear it</source>
      <translation>Die Note danach auswählen und hören</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Select the note before this one, and hear it</source>
      <translation>Die Note davor auswählen und hören</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Semitone down</source>
      <translation>Halbton tiefer</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Semitone up</source>
      <translation>Halbton höher</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Semitones, up or (with a minus) down:</source>
      <translation>Halbtöne, nach oben oder (mit Minus) nach unten:</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Shorter notes</source>
      <translation>Kürzere Noten</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Snap to the pitch</source>
      <translation>Auf die Tonhöhe setzen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Sound notes when touched</source>
      <translation>Noten beim Berühren hören</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Split at the playhead</source>
      <translation>An der Abspielposition teilen</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Take the selected notes away; the sound stays</source>
      <translation>Die ausgewählten Noten entfernen; der Klang bleibt</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Ten cents down</source>
      <translation>Zehn Cent tiefer</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Ten cents up</source>
      <translation>Zehn Cent höher</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>This lane has no notes.</source>
      <translation>Diese Spur hat keine Noten.</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Transpose notes…</source>
      <translation>Noten transponieren…</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Type the words of the selected notes; Tab goes on to the next</source>
      <translation>Die Worte der ausgewählten Noten tippen; Tab geht zur nächsten</translation>
    </message>
    <message>
      <location filename="../../app/note_commands.py" />
      <source>Zoom to the notes</source>
      <translation>Noten vergrößern</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>A</source>
      <translation>A</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>A sharp</source>
      <translation>Ais</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>B</source>
      <translation>H</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>C</source>
      <translation>C</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>C sharp</source>
      <translation>Cis</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>D</source>
      <translation>D</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>D sharp</source>
      <translation>Dis</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>E</source>
      <translation>E</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>F</source>
      <translation>F</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>F sharp</source>
      <translation>Fis</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>G</source>
      <translation>G</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>G sharp</source>
      <translation>Gis</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>confidence {percent} %</source>
      <translation>Sicherheit {percent} %</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>held</source>
      <translation>gehalten</translation>
    </message>
    <message>
      <location filename="../../app/note_values.py" />
      <source>syllable {lyric}</source>
      <translation>Silbe {lyric}</translation>
    </message>
    <message>
      <location filename="../../app/notices.py" />
      <source>Done</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <location filename="../../app/notices.py" />
      <source>Failed</source>
      <translation>Fehlgeschlagen</translation>
    </message>
    <message>
      <location filename="../../app/picture.py" />
      <source>Picture</source>
      <translation>Bild</translation>
    </message>
    <message>
      <location filename="../../app/practice.py" />
      <source>Mute {start} to {stop} of {name}</source>
      <translation>{start} bis {stop} von {name} stummschalten</translation>
    </message>
    <message>
      <location filename="../../app/practice.py" />
      <source>Tempo {tempo}</source>
      <translation>Tempo {tempo}</translation>
    </message>
    <message>
      <location filename="../../app/practice.py" />
      <source>Unmute all ranges of {name}</source>
      <translation>Alle stummen Bereiche von {name} aufheben</translation>
    </message>
    <message>
      <location filename="../../app/practice.py" />
      <source>Unmute {start} to {stop} of {name}</source>
      <translation>{start} bis {stop} von {name} wieder hören</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>It is open for reading; save it under another name to keep changes.</source>
      <translation>Es ist zum Lesen geöffnet; speichern Sie es unter anderem Namen, um Änderungen zu behalten.</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>It was in {folder}.</source>
      <translation>Es war in {folder}.</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>Not everything could be opened.</source>
      <translation>Nicht alles ließ sich öffnen.</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>Open {name}</source>
      <translation>{name} öffnen</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>Save the project on another disk, or free some space.</source>
      <translation>Speichern Sie das Projekt auf einer anderen Festplatte, oder schaffen Sie Platz.</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>Save {name}</source>
      <translation>{name} speichern</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>Untitled</source>
      <translation>Unbenannt</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>What is not saved cannot be kept safe: {why}.</source>
      <translation>Nicht Gespeichertes lässt sich nicht sichern: {why}.</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>“{name}” is not there any more.</source>
      <translation>„{name}“ gibt es nicht mehr.</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>“{name}” is open in another window ({host}, process {pid}).</source>
      <translation>„{name}“ ist in einem anderen Fenster offen ({host}, Prozess {pid}).</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>“{name}” lies where nothing can be written.</source>
      <translation>„{name}“ liegt, wo nichts geschrieben werden kann.</translation>
    </message>
    <message>
      <location filename="../../app/projects.py" />
      <source>“{name}” was made by a newer Melic; what this one knows is shown.</source>
      <translation>„{name}“ stammt von einem neueren Melic; gezeigt wird, was dieses kennt.</translation>
    </message>
    <message>
      <location filename="../../app/recording.py" />
      <source>Recording {number}</source>
      <translation>Aufnahme {number}</translation>
    </message>
    <message>
      <location filename="../../app/recording.py" />
      <source>The disk was too busy to take them. Close other programs that write.</source>
      <translation>Die Festplatte war zu beschäftigt, um sie aufzunehmen. Schließen Sie andere Programme, die schreiben.</translation>
    </message>
    <message>
      <location filename="../../app/recording.py" />
      <source>{message} What was recorded until then is kept.</source>
      <translation>{message} Was bis dahin aufgenommen wurde, bleibt.</translation>
    </message>
    <message>
      <location filename="../../app/recording.py" />
      <source>{seconds:.2f} s of the recording are silent.</source>
      <translation>{seconds:.2f} s der Aufnahme sind still.</translation>
    </message>
    <message>
      <location filename="../../app/rendering.py" />
      <source>Choose another voice in the inspector.</source>
      <translation>Wählen Sie im Inspektor eine andere Stimme.</translation>
    </message>
    <message>
      <location filename="../../app/rendering.py" />
      <source>Install Melic again.</source>
      <translation>Installieren Sie Melic neu.</translation>
    </message>
    <message>
      <location filename="../../app/rendering.py" />
      <source>Sing {name}</source>
      <translation>{name} singen</translation>
    </message>
    <message>
      <location filename="../../app/rendering.py" />
      <source>Speak {name}</source>
      <translation>{name} sprechen</translation>
    </message>
    <message>
      <location filename="../../app/rendering.py" />
      <source>The voice “{name}” is not on this computer.</source>
      <translation>Die Stimme „{name}“ ist nicht auf diesem Computer.</translation>
    </message>
    <message>
      <location filename="../../app/rendering.py" />
      <source>There is no voice that sings.</source>
      <translation>Es gibt keine Stimme, die singt.</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>CSV, a table</source>
      <translation>CSV, eine Tabelle</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>Export {what}</source>
      <translation>{what} exportieren</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>Import notes for {name}</source>
      <translation>Noten für {name} importieren</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>Import {name}</source>
      <translation>{name} öffnen</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>JSON, with everything that is known</source>
      <translation>JSON, mit allem, was bekannt ist</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>MIDI</source>
      <translation>MIDI</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>MusicXML, for notation programs</source>
      <translation>MusicXML, für Notenprogramme</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>There are no notes in {name}.</source>
      <translation>In {name} sind keine Noten.</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>UltraStar, for karaoke</source>
      <translation>UltraStar, für Karaoke</translation>
    </message>
    <message>
      <location filename="../../app/scores.py" />
      <source>Use the notes of a file</source>
      <translation>Noten aus einer Datei nehmen</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>Change gain of {name}</source>
      <translation>Pegel von {name} ändern</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>Change {name}</source>
      <translation>{name} ändern</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>Mute {name}</source>
      <translation>{name} stummschalten</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>Pan {name}</source>
      <translation>Panorama von {name} ändern</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>Rename {name}</source>
      <translation>{name} umbenennen</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>Solo {name}</source>
      <translation>{name} solo hören</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>Unmute {name}</source>
      <translation>Stummschaltung von {name} aufheben</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>Unsolo {name}</source>
      <translation>Solo von {name} aufheben</translation>
    </message>
    <message>
      <location filename="../../app/session.py" />
      <source>lane</source>
      <translation>Spur</translation>
    </message>
    <message>
      <location filename="../../app/singing.py" />
      <source>Another take of {name}</source>
      <translation>Neue Aufnahme von {name}</translation>
    </message>
    <message>
      <location filename="../../app/singing.py" />
      <source>New voice lane</source>
      <translation>Neue Stimmspur</translation>
    </message>
    <message>
      <location filename="../../app/singing.py" />
      <source>Other singer for {name}</source>
      <translation>Andere Stimme für {name}</translation>
    </message>
    <message>
      <location filename="../../app/singing.py" />
      <source>Pitch of {name}</source>
      <translation>Tonhöhe von {name}</translation>
    </message>
    <message>
      <location filename="../../app/singing.py" />
      <source>Speak “{text}”</source>
      <translation>„{text}“ sprechen</translation>
    </message>
    <message>
      <location filename="../../app/singing.py" />
      <source>Voice</source>
      <translation>Stimme</translation>
    </message>
    <message>
      <location filename="../../app/singing.py" />
      <source>Voice of {name}</source>
      <translation>Stimme von {name}</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Add residual</source>
      <translation>Rest hinzufügen</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Copy the details and report it; your songs are untouched.</source>
      <translation>Kopieren Sie die Einzelheiten und melden Sie es; Ihre Stücke sind unberührt.</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Instrumental</source>
      <translation>Instrumental</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Listen to the mix</source>
      <translation>Mix hören</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Listen to the stems</source>
      <translation>Stems hören</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Melic opens WAV, FLAC, AIFF, OGG, Opus, MP3, M4A, the sound of MP4, MKV and WebM, and notes from MIDI, MusicXML, UltraStar and .ds files.</source>
      <translation>Melic öffnet WAV, FLAC, AIFF, OGG, Opus, MP3, M4A, den Ton von MP4, MKV und WebM sowie Noten aus MIDI, MusicXML, UltraStar und .ds.</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Remove {name}</source>
      <translation>{name} entfernen</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Residual</source>
      <translation>Rest</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Residual of {name}</source>
      <translation>Rest von {name}</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Separate {name}</source>
      <translation>{name} trennen</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Something went wrong that Melic did not foresee ({kind}).</source>
      <translation>Etwas ging schief, womit Melic nicht gerechnet hat ({kind}).</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>Vocals</source>
      <translation>Gesang</translation>
    </message>
    <message>
      <location filename="../../app/studio.py" />
      <source>{count} files</source>
      <translation>{count} Dateien</translation>
    </message>
    <message>
      <location filename="../../app/transcribing.py" />
      <source>1 note</source>
      <translation>1 Note</translation>
    </message>
    <message>
      <location filename="../../app/transcribing.py" />
      <source>Lower “Voicing” in the melody strip, or transcribe with another model.</source>
      <translation>Senken Sie „Stimme“ in der Melodieleiste, oder transkribieren Sie mit einem anderen Modell.</translation>
    </message>
    <message>
      <location filename="../../app/transcribing.py" />
      <source>No notes were found in {name}.</source>
      <translation>In {name} wurden keine Noten gefunden.</translation>
    </message>
    <message>
      <location filename="../../app/transcribing.py" />
      <source>Tempo and key of {name}</source>
      <translation>Tempo und Tonart von {name}</translation>
    </message>
    <message>
      <location filename="../../app/transcribing.py" />
      <source>There is no model that transcribes.</source>
      <translation>Es gibt kein Modell, das transkribiert.</translation>
    </message>
    <message>
      <location filename="../../app/transcribing.py" />
      <source>Transcribe {name}</source>
      <translation>{name} transkribieren</translation>
    </message>
    <message>
      <location filename="../../app/transcribing.py" />
      <source>{count} notes</source>
      <translation>{count} Noten</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>First beat at {seconds} s</source>
      <translation>Erster Schlag bei {seconds} s</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Grid of {count} a beat</source>
      <translation>Raster von {count} pro Schlag</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Key {key}</source>
      <translation>Tonart {key}</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Merging of {name}</source>
      <translation>Verbinden in {name}</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>No key</source>
      <translation>Keine Tonart</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Onset of {name}</source>
      <translation>Einsätze von {name}</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Recording and notes of {name}</source>
      <translation>Aufnahme und Noten von {name}</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Remove notes of {name}</source>
      <translation>Noten von {name} entfernen</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Shortest note of {name}</source>
      <translation>Kürzeste Note von {name}</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Smoothing of {name}</source>
      <translation>Glättung von {name}</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Sound of {name}</source>
      <translation>Klang von {name}</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Transpose {name}</source>
      <translation>{name} transponieren</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>Voicing of {name}</source>
      <translation>Stimmhaftigkeit von {name}</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>unknown</source>
      <translation>unbekannt</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>{count} beats a bar</source>
      <translation>{count} Schläge pro Takt</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>{name} as sung</source>
      <translation>{name} wie gesungen</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>{name} quantised</source>
      <translation>{name} gerastert</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>{tonic} major</source>
      <translation>{tonic}-Dur</translation>
    </message>
    <message>
      <location filename="../../app/tuning.py" />
      <source>{tonic} minor</source>
      <translation>{tonic}-Moll</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>A studio for the voice in music. Nothing leaves this computer.</source>
      <translation>Ein Studio für die Stimme in der Musik. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>About Melic</source>
      <translation>Über Melic</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>Close this window</source>
      <translation>Dieses Fenster schließen</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>Copy report</source>
      <translation>Bericht kopieren</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>Copy report
Version and findings, as a problem report needs</source>
      <translation>Bericht kopieren
Version und Befunde, wie sie eine Fehlermeldung braucht</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>LICENCES</source>
      <translation>LIZENZEN</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>Looking…</source>
      <translation>Wird untersucht …</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>Melic is built on Qt for Python (LGPL), PyTorch (BSD), NumPy and SciPy (BSD), FFmpeg through PyAV (LGPL), libsndfile (LGPL) and others, each under its own licence. Icons: Lucide (ISC). Font: Inter (OFL). Demo song: On the run by Joshua Morin (CC BY-SA). The licence of the model is shown in the inspector.</source>
      <translation>Melic beruht auf Qt für Python (LGPL), PyTorch (BSD), NumPy und SciPy (BSD), FFmpeg durch PyAV (LGPL), libsndfile (LGPL) und anderen, jedes unter seiner eigenen Lizenz. Symbole: Lucide (ISC). Schrift: Inter (OFL). Beispielstück: On the run von Joshua Morin (CC BY-SA). Die Lizenz des Modells steht im Inspektor.</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>Report on this computer</source>
      <translation>Bericht über diesen Computer</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>THIS COMPUTER</source>
      <translation>DIESER COMPUTER</translation>
    </message>
    <message>
      <location filename="../../app/views/about.py" />
      <source>What works here, what does not, and what to do</source>
      <translation>Was hier geht, was nicht, und was zu tun ist</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source> (own)</source>
      <translation> (eigene)</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Add every song in a folder</source>
      <translation>Alle Stücke eines Ordners hinzufügen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Add folder…</source>
      <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Add songs</source>
      <translation>Stücke hinzufügen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Add songs…</source>
      <translation>Stücke hinzufügen …</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Another file…</source>
      <translation>Andere Datei …</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Batch</source>
      <translation>Stapel</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Chain</source>
      <translation>Kette</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Chains</source>
      <translation>Ketten</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Choose files to put on the list</source>
      <translation>Dateien für die Liste wählen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Choose the folder that the files go to</source>
      <translation>Den Ordner wählen, in den die Dateien kommen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Choose the target folder</source>
      <translation>Zielordner wählen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Choose…</source>
      <translation>Wählen …</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Copy details</source>
      <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Copy what a report of the failure needs</source>
      <translation>Kopieren, was eine Fehlermeldung braucht</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Drop songs or folders here, or add them with the buttons above.</source>
      <translation>Stücke oder Ordner hierher ziehen, oder mit den Tasten oben hinzufügen.</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Edit…</source>
      <translation>Bearbeiten …</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>End the batch; what is done stays, and Start goes on with the rest</source>
      <translation>Den Stapel beenden; Fertiges bleibt, und Start macht mit dem Rest weiter</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Folder for the files</source>
      <translation>Ordner für die Dateien</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Go on</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Make the selected songs once more</source>
      <translation>Die ausgewählten Stücke noch einmal verarbeiten</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Make what waits; what was done before is skipped</source>
      <translation>Verarbeiten, was wartet; schon Fertiges wird übersprungen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Open a chain</source>
      <translation>Kette öffnen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Open folder</source>
      <translation>Ordner öffnen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Open report</source>
      <translation>Bericht öffnen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Progress of the batch</source>
      <translation>Fortschritt des Stapels</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Put every song in a folder on the list</source>
      <translation>Alle Stücke eines Ordners auf die Liste setzen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Show the files of the selected song</source>
      <translation>Die Dateien des ausgewählten Stücks zeigen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Songs of the batch</source>
      <translation>Stücke des Stapels</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Start</source>
      <translation>Start</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Take the selected songs off the list (Del)</source>
      <translation>Die ausgewählten Stücke von der Liste nehmen (Entf)</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Target</source>
      <translation>Ziel</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>The songs and how far each is; Del takes the selected ones off</source>
      <translation>Die Stücke und wie weit jedes ist; Entf nimmt die ausgewählten weg</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Tick what is made, choose the format, save it as your own</source>
      <translation>Ankreuzen, was entstehen soll, das Format wählen, als eigene speichern</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>Try again</source>
      <translation>Erneut versuchen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>What became of each song, as a table</source>
      <translation>Was aus jedem Stück wurde, als Tabelle</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>What is done with each song</source>
      <translation>Was mit jedem Stück geschieht</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>paused</source>
      <translation>angehalten</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>your own separation goes first</source>
      <translation>Ihre eigene Trennung geht vor</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>{name} (cannot be read)</source>
      <translation>{name} (nicht lesbar)</translation>
    </message>
    <message>
      <location filename="../../app/views/batch.py" />
      <source>{rate:.1f}× real time</source>
      <translation>{rate:.1f}× Echtzeit</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>Done before</source>
      <translation>Schon fertig</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>Remarks</source>
      <translation>Bemerkungen</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>Running</source>
      <translation>Läuft</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>Song</source>
      <translation>Stück</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>State</source>
      <translation>Stand</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>Time</source>
      <translation>Zeit</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>Waiting</source>
      <translation>Wartet</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>Waits for your own separation</source>
      <translation>Wartet auf Ihre eigene Trennung</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>null {level:.0f} dB</source>
      <translation>Null {level:.0f} dB</translation>
    </message>
    <message>
      <location filename="../../app/views/batch_table.py" />
      <source>{time:.1f} s</source>
      <translation>{time:.1f} s</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Answer that X is A (key 1)</source>
      <translation>Antworten, dass X gleich A ist (Taste 1)</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Answer that X is B (key 2)</source>
      <translation>Antworten, dass X gleich B ist (Taste 2)</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Blind comparison</source>
      <translation>Blindvergleich</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Choose two lanes.</source>
      <translation>Wählen Sie zwei Spuren.</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Close
Hear the lanes again as they are set</source>
      <translation>Schließen
Die Spuren wieder hören, wie sie eingestellt sind</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Hear A (key A)</source>
      <translation>A hören (Taste A)</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Hear B (key B)</source>
      <translation>B hören (Taste B)</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Hear the unknown one (key X)</source>
      <translation>Das Unbekannte hören (Taste X)</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Last answer</source>
      <translation>Letzte Antwort</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Measuring how loud they are…</source>
      <translation>Es wird gemessen, wie laut sie sind…</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>No answer yet.</source>
      <translation>Noch keine Antwort.</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>One of the two lanes</source>
      <translation>Eine der beiden Spuren</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Show the difference</source>
      <translation>Differenz zeigen</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Show the difference
A muted lane of A minus B: what is left is where they differ</source>
      <translation>Differenz zeigen
Eine stumme Spur aus A minus B: Was bleibt, ist der Unterschied</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Start again</source>
      <translation>Neu beginnen</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>Start again
Forget the score</source>
      <translation>Neu beginnen
Das Ergebnis vergessen</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>That was right.</source>
      <translation>Das war richtig.</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>That was the other one.</source>
      <translation>Es war das andere.</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>The other lane</source>
      <translation>Die andere Spur</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>X is A</source>
      <translation>X ist A</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>X is A or B. Hear all three as often as you like, then say which X is. What repeats in the loop is compared, at one loudness.</source>
      <translation>X ist A oder B. Hören Sie alle drei so oft Sie wollen und sagen Sie dann, was X ist. Verglichen wird, was sich in der Schleife wiederholt, bei gleicher Lautheit.</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>X is B</source>
      <translation>X ist B</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>You hear it.</source>
      <translation>Sie hören es.</translation>
    </message>
    <message>
      <location filename="../../app/views/blind.py" />
      <source>{right} of {count} right; who guesses is as good in {percent} % of all cases.</source>
      <translation>{right} von {count} richtig; wer rät, ist in {percent} % aller Fälle so gut.</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>All models…</source>
      <translation>Alle Modelle…</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Balanced</source>
      <translation>Ausgewogen</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Best</source>
      <translation>Am besten</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Budget
More time for a better result, or less for a quick one</source>
      <translation>Aufwand
Mehr Zeit für ein besseres Ergebnis oder weniger für ein schnelles</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Budget: {name}, {cost}</source>
      <translation>Aufwand: {name}, {cost}</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Fast</source>
      <translation>Schnell</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>How long it takes is not known on this computer yet.</source>
      <translation>Wie lange es auf diesem Computer dauert, ist noch nicht bekannt.</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Measure this computer</source>
      <translation>Computer messen</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Measure this computer
Run the model once, to tell how long a song will take</source>
      <translation>Computer messen
Das Modell einmal laufen lassen, um zu sagen, wie lange ein Stück dauert</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Model that separates</source>
      <translation>Modell, das trennt</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>SEPARATION</source>
      <translation>TRENNUNG</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>Separation</source>
      <translation>Trennung</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>What takes this song apart</source>
      <translation>Was dieses Stück zerlegt</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>about {time}</source>
      <translation>etwa {time}</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>{count} min</source>
      <translation>{count} min</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>{count} s</source>
      <translation>{count} s</translation>
    </message>
    <message>
      <location filename="../../app/views/budget.py" />
      <source>{memory} of memory</source>
      <translation>{memory} Speicher</translation>
    </message>
    <message>
      <location filename="../../app/views/canvas.py" />
      <source>{name}, waveform and spectrogram</source>
      <translation>{name}, Wellenform und Spektrogramm</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>A chain of yours with this name is replaced</source>
      <translation>Eine eigene Kette dieses Namens wird ersetzt</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Edit chain</source>
      <translation>Kette bearbeiten</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>FLAC, 16 bit with dither</source>
      <translation>FLAC, 16 Bit mit Dither</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>FLAC, 24 bit</source>
      <translation>FLAC, 24 Bit</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>File name</source>
      <translation>Dateiname</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>How loud the singer is in the practice track; 0 dB is as sung</source>
      <translation>Wie laut der Gesang im Übungsstück ist; 0 dB ist wie gesungen</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Leave the chain as it was</source>
      <translation>Die Kette lassen, wie sie war</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Level of the singer in the practice track</source>
      <translation>Pegel des Gesangs im Übungsstück</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>MP3, 320 kbit/s</source>
      <translation>MP3, 320 kbit/s</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Name of the chain</source>
      <translation>Name der Kette</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Name template</source>
      <translation>Namensmuster</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Practice track, singer at</source>
      <translation>Übungsstück, Gesang mit</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Save as</source>
      <translation>Speichern unter</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>Save the chain under its name and use it</source>
      <translation>Die Kette unter ihrem Namen speichern und verwenden</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>The band alone</source>
      <translation>Die Band allein</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>The band with the singer in the background, to sing along</source>
      <translation>Die Band mit dem Gesang im Hintergrund, zum Mitsingen</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>The singer alone</source>
      <translation>Der Gesang allein</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>The song as it is, in the format below</source>
      <translation>Das Stück, wie es ist, im Format unten</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>The song itself</source>
      <translation>Das Stück selbst</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>This chain does more than can be ticked here: edit its file for that. What you save here is a new chain.</source>
      <translation>Diese Kette tut mehr, als hier anzukreuzen ist: Bearbeiten Sie dafür ihre Datei. Was Sie hier speichern, ist eine neue Kette.</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>WAV, 16 bit with dither</source>
      <translation>WAV, 16 Bit mit Dither</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>WAV, 24 bit</source>
      <translation>WAV, 24 Bit</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>WAV, 32 bit float (exact)</source>
      <translation>WAV, 32 Bit Gleitkomma (exakt)</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>WRITE</source>
      <translation>SCHREIBEN</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>What kind of file is written</source>
      <translation>Welche Art von Datei geschrieben wird</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>{name}, my way</source>
      <translation>{name}, auf meine Art</translation>
    </message>
    <message>
      <location filename="../../app/views/chain_editor.py" />
      <source>{source} is the song's file name, {stem} what the file holds</source>
      <translation>{source} ist der Dateiname des Stücks, {stem} der Inhalt der Datei</translation>
    </message>
    <message>
      <location filename="../../app/views/colorbar.py" />
      <source>Colours span {range}. Up and Down move the floor, with Shift the top.</source>
      <translation>Die Farben reichen über {range}. Auf und Ab verschieben das untere Ende, mit Umschalt das obere.</translation>
    </message>
    <message>
      <location filename="../../app/views/colorbar.py" />
      <source>Drag the ends to change the contrast, double-click to reset</source>
      <translation>Die Enden ziehen ändert den Kontrast, Doppelklick setzt zurück</translation>
    </message>
    <message>
      <location filename="../../app/views/colorbar.py" />
      <source>Level colours</source>
      <translation>Pegelfarben</translation>
    </message>
    <message>
      <location filename="../../app/views/colorbar.py" />
      <source>{floor} to {top} dB</source>
      <translation>{floor} bis {top} dB</translation>
    </message>
    <message>
      <location filename="../../app/views/empty.py" />
      <source>Drop a song here</source>
      <translation>Ein Stück hierher ziehen</translation>
    </message>
    <message>
      <location filename="../../app/views/empty.py" />
      <source>Hear the singer and the band apart. Nothing leaves this computer.</source>
      <translation>Gesang und Band einzeln hören. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
      <location filename="../../app/views/empty.py" />
      <source>Open a song</source>
      <translation>Stück öffnen</translation>
    </message>
    <message>
      <location filename="../../app/views/empty.py" />
      <source>Try the demo song</source>
      <translation>Beispielstück probieren</translation>
    </message>
    <message>
      <location filename="../../app/views/empty.py" />
      <source>WAV  FLAC  AIFF  OGG  Opus  MP3  M4A  –  and the sound of MP4, MKV, WebM</source>
      <translation>WAV  FLAC  AIFF  OGG  Opus  MP3  M4A  –  und der Ton von MP4, MKV, WebM</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>A file of that name exists; the new one gets a number.</source>
      <translation>Eine Datei dieses Namens gibt es schon; die neue bekommt eine Nummer.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>All files are lowered by {gain:.1f} dB.</source>
      <translation>Alle Dateien werden um {gain:.1f} dB abgesenkt.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>All lowered alike where one would clip, to −1 dBTP</source>
      <translation>Alle gleich abgesenkt, wo eine übersteuern würde, auf −1 dBTP</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>As it is</source>
      <translation>Wie es ist</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Beside the song</source>
      <translation>Neben dem Stück</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Choose another folder…</source>
      <translation>Anderen Ordner wählen …</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Double-click or F2 changes title and artist</source>
      <translation>Doppelklick oder F2 ändert Titel und Interpret</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Each to −14 LUFS (streaming)</source>
      <translation>Jede auf −14 LUFS (Streaming)</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Each to −16 LUFS (podcasts)</source>
      <translation>Jede auf −16 LUFS (Podcasts)</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Each to −23 LUFS (broadcast)</source>
      <translation>Jede auf −23 LUFS (Rundfunk)</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Export</source>
      <translation>Export</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Export
Write the files named above</source>
      <translation>Exportieren
Die oben genannten Dateien schreiben</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>FILES</source>
      <translation>DATEIEN</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Folder</source>
      <translation>Ordner</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Level</source>
      <translation>Pegel</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Nothing would clip, so the level stays as it is.</source>
      <translation>Nichts würde übersteuern, daher bleibt der Pegel, wie er ist.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Rate and length stay as they are; loudness is not touched.</source>
      <translation>Abtastrate und Länge bleiben; die Lautheit wird nicht verändert.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Some peaks are over full scale and may clip; a level below cures that.</source>
      <translation>Manche Spitzen liegen über Vollaussteuerung und können übersteuern; ein Pegel unten behebt das.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Stems brought to a target no longer add up to their song.</source>
      <translation>Auf ein Ziel gebrachte Stems ergeben zusammen nicht mehr ihr Stück.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>The mix of all lanes with their gain, pan, mute and solo</source>
      <translation>Der Mix aller Spuren mit Pegel, Panorama, Stumm und Solo</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>WHAT</source>
      <translation>WAS</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>What the files are written as</source>
      <translation>Als was die Dateien geschrieben werden</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>What you hear now, as one file</source>
      <translation>Was jetzt zu hören ist, als eine Datei</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Where peaks forbid it, a file stays below the target.</source>
      <translation>Wo Spitzen es verbieten, bleibt eine Datei unter dem Ziel.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Where the files go</source>
      <translation>Wohin die Dateien kommen</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Whether the loudness is changed; nothing is ever limited or compressed</source>
      <translation>Ob die Lautheit geändert wird; nie wird begrenzt oder komprimiert</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>Write this lane to a file of its own</source>
      <translation>Diese Spur in eine eigene Datei schreiben</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>{count} files exist; the new ones get numbers.</source>
      <translation>{count} Dateien gibt es schon; die neuen bekommen Nummern.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>{name} (the song as it is)</source>
      <translation>{name} (das Stück, wie es ist)</translation>
    </message>
    <message>
      <location filename="../../app/views/export_dialog.py" />
      <source>{stem} of {song}</source>
      <translation>{stem} von {song}</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>Artist</source>
      <translation>Interpret</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>Between its samples the sound goes over full scale: players may clip it.</source>
      <translation>Zwischen den Abtastwerten übersteigt der Klang die Vollaussteuerung: Abspielgeräte können übersteuern.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>Cover</source>
      <translation>Cover</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>Files that will be written</source>
      <translation>Dateien, die geschrieben werden</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>Loudness</source>
      <translation>Lautheit</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>The files as they will be written. Titles and artists can be changed: press F2 or double-click.</source>
      <translation>Die Dateien, wie sie geschrieben werden. Titel und Interpreten sind änderbar: F2 oder Doppelklick.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>The highest level between the samples; {top:g} dBTP is safe.</source>
      <translation>Der höchste Pegel zwischen den Abtastwerten; {top:g} dBTP sind sicher.</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>Title</source>
      <translation>Titel</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>True peak</source>
      <translation>True Peak</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>measuring, {share:.0f} %</source>
      <translation>wird gemessen, {share:.0f} %</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>silent</source>
      <translation>still</translation>
    </message>
    <message>
      <location filename="../../app/views/export_table.py" />
      <source>yes</source>
      <translation>ja</translation>
    </message>
    <message>
      <location filename="../../app/views/forms.py" />
      <source>Cancel
Write nothing</source>
      <translation>Abbrechen
Nichts schreiben</translation>
    </message>
    <message>
      <location filename="../../app/views/grips.py" />
      <source>Drag this lane to a folder or another program</source>
      <translation>Diese Spur in einen Ordner oder ein anderes Programm ziehen</translation>
    </message>
    <message>
      <location filename="../../app/views/grips.py" />
      <source>Drag what is marked of this lane to a folder or another program</source>
      <translation>Das Markierte dieser Spur in einen Ordner oder ein anderes Programm ziehen</translation>
    </message>
    <message>
      <location filename="../../app/views/grips.py" />
      <source>Take the lane out</source>
      <translation>Spur herausziehen</translation>
    </message>
    <message>
      <location filename="../../app/views/grips.py" />
      <source>Take the marked part out</source>
      <translation>Markierten Teil herausziehen</translation>
    </message>
    <message>
      <location filename="../../app/views/grips.py" />
      <source>{what}, or press to copy it as a file</source>
      <translation>{what}, oder drücken, um sie als Datei zu kopieren</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Being made</source>
      <translation>Entsteht</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Cancel
End this job; the song stays as it was</source>
      <translation>Abbrechen
Diese Aufgabe beenden; das Stück bleibt, wie es war</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Gain</source>
      <translation>Pegel</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Gain
Arrow keys change it by 0.5 dB; double-click for 0 dB</source>
      <translation>Pegel
Pfeiltasten ändern ihn um 0,5 dB; Doppelklick für 0 dB</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Gain of {name}, {value}</source>
      <translation>Pegel von {name}, {value}</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Hear this lane alone</source>
      <translation>Nur diese Spur hören</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Lane {name}</source>
      <translation>Spur {name}</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Lane {name}, silent</source>
      <translation>Spur {name}, stumm</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Mix</source>
      <translation>Mix</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Opening</source>
      <translation>Wird geöffnet</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Pan</source>
      <translation>Panorama</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Pan
Left to right; double-click for the centre</source>
      <translation>Panorama
Von links nach rechts; Doppelklick für die Mitte</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Pan of {name}, {value}</source>
      <translation>Panorama von {name}, {value}</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Recording, {time}</source>
      <translation>Aufnahme, {time}</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Remove lane
Take it away; Undo brings it back</source>
      <translation>Spur entfernen
Rückgängig bringt sie zurück</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Separating</source>
      <translation>Wird getrennt</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Silence this lane</source>
      <translation>Diese Spur stummschalten</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Sing</source>
      <translation>Singen</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Singing</source>
      <translation>Singt</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Speaking</source>
      <translation>Spricht</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Stems</source>
      <translation>Stems</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Stop
End the recording and keep it</source>
      <translation>Stopp
Die Aufnahme beenden und behalten</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>The other one falls silent; {key} swaps them</source>
      <translation>Das andere verstummt; {key} tauscht</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Transcribe with…</source>
      <translation>Transkribieren mit…</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Transcribe with…
Choose the model</source>
      <translation>Transkribieren mit…
Das Modell wählen</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Transcribing</source>
      <translation>Transkribiert</translation>
    </message>
    <message>
      <location filename="../../app/views/header.py" />
      <source>Waiting for its turn</source>
      <translation>Wartet</translation>
    </message>
    <message>
      <location filename="../../app/views/hints.py" />
      <source>Drop a song anywhere on this window, or choose one with {key}.</source>
      <translation>Ein Stück irgendwo auf dieses Fenster ziehen, oder mit {key} wählen.</translation>
    </message>
    <message>
      <location filename="../../app/views/hints.py" />
      <source>Got it</source>
      <translation>Verstanden</translation>
    </message>
    <message>
      <location filename="../../app/views/hints.py" />
      <source>Got it
Show the next hint; this one does not come back</source>
      <translation>Verstanden
Den nächsten Hinweis zeigen; dieser kommt nicht wieder</translation>
    </message>
    <message>
      <location filename="../../app/views/hints.py" />
      <source>Hint: {text}</source>
      <translation>Hinweis: {text}</translation>
    </message>
    <message>
      <location filename="../../app/views/hints.py" />
      <source>No hints</source>
      <translation>Keine Hinweise</translation>
    </message>
    <message>
      <location filename="../../app/views/hints.py" />
      <source>No hints
Show none of them again; the Help menu has them</source>
      <translation>Keine Hinweise
Keinen mehr zeigen; im Menü Hilfe sind sie noch</translation>
    </message>
    <message>
      <location filename="../../app/views/hints.py" />
      <source>{key} plays and pauses. {find} finds every other command.</source>
      <translation>{key} spielt ab und hält an. {find} findet jeden anderen Befehl.</translation>
    </message>
    <message>
      <location filename="../../app/views/hints.py" />
      <source>{key} separates the singer from the band.</source>
      <translation>{key} trennt Gesang und Band.</translation>
    </message>
    <message>
      <location filename="../../app/views/history.py" />
      <source>As it was opened</source>
      <translation>Wie geöffnet</translation>
    </message>
    <message>
      <location filename="../../app/views/history.py" />
      <source>Click a step, or go to it with the arrow keys</source>
      <translation>Einen Schritt anklicken oder mit den Pfeiltasten ansteuern</translation>
    </message>
    <message>
      <location filename="../../app/views/history.py" />
      <source>Every change by name</source>
      <translation>Jede Änderung mit Namen</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>From</source>
      <translation>Aus</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>HEARD NOW</source>
      <translation>JETZT ZU HÖREN</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>How much of the mix the stems left out: mix − vocals − instrumental</source>
      <translation>Wie viel vom Mix den Stems fehlt: Mix − Gesang − Instrumental</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>Length</source>
      <translation>Länge</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>Licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>MODEL</source>
      <translation>MODELL</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>Made by</source>
      <translation>Von</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>NULL METER</source>
      <translation>NULLMESSER</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>Note</source>
      <translation>Hinweis</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>Nothing selected</source>
      <translation>Nichts ausgewählt</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>Source</source>
      <translation>Quelle</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>UNDER THE POINTER</source>
      <translation>UNTER DEM ZEIGER</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>What is heard now, by pitch</source>
      <translation>Was jetzt zu hören ist, nach Tonhöhe</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>mono</source>
      <translation>mono</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>stereo</source>
      <translation>stereo</translation>
    </message>
    <message>
      <location filename="../../app/views/inspector.py" />
      <source>{count} channels</source>
      <translation>{count} Kanäle</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Cancel
End the job that runs</source>
      <translation>Abbrechen
Die laufende Aufgabe beenden</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Cancelled</source>
      <translation>Abgebrochen</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Copy details
Copy what a report needs</source>
      <translation>Einzelheiten kopieren
Kopieren, was eine Fehlermeldung braucht</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Copy what a report needs</source>
      <translation>Kopieren, was eine Fehlermeldung braucht</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Do it once more</source>
      <translation>Noch einmal versuchen</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>End this job</source>
      <translation>Diese Aufgabe beenden</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Hide the list</source>
      <translation>Liste verbergen</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>No jobs yet. Opening, separating and exporting show up here.</source>
      <translation>Noch keine Aufgaben. Öffnen, Trennen und Exportieren erscheinen hier.</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Open folder
Show the files</source>
      <translation>Ordner öffnen
Die Dateien zeigen</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Progress of {title}</source>
      <translation>Fortschritt von {title}</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Ready</source>
      <translation>Bereit</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Show all jobs</source>
      <translation>Alle Aufgaben zeigen</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Show the files</source>
      <translation>Die Dateien zeigen</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Starting</source>
      <translation>Beginnt</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>Take off the list</source>
      <translation>Von der Liste nehmen</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>{rate}× real time</source>
      <translation>{rate}× Echtzeit</translation>
    </message>
    <message>
      <location filename="../../app/views/jobs.py" />
      <source>{time} left</source>
      <translation>noch {time}</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Add…</source>
      <translation>Hinzufügen …</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Change…</source>
      <translation>Ändern …</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Double-click or press Return to change a key</source>
      <translation>Doppelklick oder Eingabe ändert eine Taste</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>From now on this key runs the chosen command</source>
      <translation>Von nun an führt diese Taste den gewählten Befehl aus</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Give every command the keys it came with</source>
      <translation>Jedem Befehl seine ursprünglichen Tasten geben</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Give the chosen command another key</source>
      <translation>Dem gewählten Befehl eine andere Taste geben</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Give the chosen command one more key</source>
      <translation>Dem gewählten Befehl eine weitere Taste geben</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Give the chosen command the keys it came with</source>
      <translation>Dem gewählten Befehl seine ursprünglichen Tasten geben</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Keyboard shortcuts</source>
      <translation>Tastenkürzel</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Leave the chosen command without a key</source>
      <translation>Dem gewählten Befehl seine Tasten nehmen</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Leave the keys as they are</source>
      <translation>Die Tasten lassen, wie sie sind</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>New key</source>
      <translation>Neue Taste</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Part of a name, or of a key such as Ctrl+E</source>
      <translation>Teil eines Namens oder einer Taste wie Strg+E</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Press the key, or keys held together; Escape leaves it</source>
      <translation>Die Taste drücken, oder mehrere zugleich; Esc lässt es sein</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Press the new key</source>
      <translation>Neue Taste drücken</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Press the new key for “{name}”.</source>
      <translation>Drücken Sie die neue Taste für „{name}“.</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Reset</source>
      <translation>Zurücksetzen</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Reset all</source>
      <translation>Alle zurücksetzen</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Search by name or key</source>
      <translation>Nach Name oder Taste suchen</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Take it over</source>
      <translation>Übernehmen</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>Use this key</source>
      <translation>Diese Taste verwenden</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>no key</source>
      <translation>keine Taste</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>{keys}  (changed)</source>
      <translation>{keys}  (geändert)</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>{keys}  (on notes)</source>
      <translation>{keys}  (auf Noten)</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>{key} is free.</source>
      <translation>{key} ist frei.</translation>
    </message>
    <message>
      <location filename="../../app/views/keys.py" />
      <source>{key} runs “{name}” now.</source>
      <translation>{key} führt jetzt „{name}“ aus.</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>From the voice to the screen: device {device:.0f} ms, one block {block:.0f} ms, analysis window {window:.0f} ms. A recording to a song is moved back by what the devices take.</source>
      <translation>Von der Stimme zum Bildschirm: Gerät {device:.0f} ms, ein Block {block:.0f} ms, Analysefenster {window:.0f} ms. Eine Aufnahme zu einem Stück wird um das zurückgeschoben, was die Geräte brauchen.</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Input</source>
      <translation>Eingang</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Input level</source>
      <translation>Eingangspegel</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Input level and highest peak in dB. Click or Return to reset.</source>
      <translation>Eingangspegel und höchste Spitze in dB. Klick oder Eingabe setzt zurück.</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Input level, clipped</source>
      <translation>Eingangspegel, übersteuert</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>It clipped: turn the microphone's gain down.</source>
      <translation>Übersteuert: Drehen Sie das Mikrofon leiser.</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Latency {total:.0f} ms</source>
      <translation>Latenz {total:.0f} ms</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>MICROPHONE</source>
      <translation>MIKROFON</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Microphone</source>
      <translation>Mikrofon</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Opening the microphone…</source>
      <translation>Das Mikrofon wird geöffnet …</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Pitch: nothing is sung</source>
      <translation>Tonhöhe: nichts wird gesungen</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Pitch: {pitch}</source>
      <translation>Tonhöhe: {pitch}</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Spectrogram and pitch of the microphone</source>
      <translation>Spektrogramm und Tonhöhe des Mikrofons</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Stop listening</source>
      <translation>Nicht mehr hören</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Stop recording, {time}</source>
      <translation>Aufnahme beenden, {time}</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>System input</source>
      <translation>Systemeingang</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>The nearest note (A4 = 440 Hz), how far the voice is above or below it in hundredths of a semitone, and its frequency</source>
      <translation>Die nächste Note (A4 = 440 Hz), wie weit die Stimme in Hundertstel Halbton darüber oder darunter liegt, und ihre Frequenz</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Try again
Look for the microphone once more</source>
      <translation>Erneut versuchen
Noch einmal nach dem Mikrofon suchen</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>Which microphone is heard</source>
      <translation>Welches Mikrofon zu hören ist</translation>
    </message>
    <message>
      <location filename="../../app/views/listening.py" />
      <source>{cents} cents</source>
      <translation>{cents} Cent</translation>
    </message>
    <message>
      <location filename="../../app/views/live.py" />
      <source>Spectrum of what is heard now</source>
      <translation>Spektrum dessen, was jetzt zu hören ist</translation>
    </message>
    <message>
      <location filename="../../app/views/lyrics.py" />
      <source>Lyric</source>
      <translation>Text</translation>
    </message>
    <message>
      <location filename="../../app/views/lyrics.py" />
      <source>Lyric
Spaces part words, hyphens syllables; Tab goes on to the next note</source>
      <translation>Text
Leerzeichen trennen Wörter, Bindestriche Silben; Tab geht zur nächsten Note</translation>
    </message>
    <message>
      <location filename="../../app/views/lyrics.py" />
      <source>Lyric of {note}</source>
      <translation>Text von {note}</translation>
    </message>
    <message>
      <location filename="../../app/views/lyrics.py" />
      <source>Phonemes
Sounds as in HH AH0 L OW1; nothing for those of the lyric</source>
      <translation>Laute
Wie in HH AH0 L OW1; leer für die des Textes</translation>
    </message>
    <message>
      <location filename="../../app/views/lyrics.py" />
      <source>Phonemes of {note}</source>
      <translation>Laute von {note}</translation>
    </message>
    <message>
      <location filename="../../app/views/lyrics.py" />
      <source>Sounds as in CMUdict, such as HH AH0 L OW1; nothing: those of the lyric.</source>
      <translation>Laute wie in CMUdict, etwa HH AH0 L OW1; leer: die des Textes.</translation>
    </message>
    <message>
      <location filename="../../app/views/lyrics.py" />
      <source>Spaces part words, hyphens syllables; a hyphen alone holds the note before.</source>
      <translation>Leerzeichen trennen Wörter, Bindestriche Silben; ein Bindestrich allein hält die Note davor.</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>1st beat</source>
      <translation>1. Schlag</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>As sung</source>
      <translation>Gesungen</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>As sung
Every note when and how high it was sung</source>
      <translation>Gesungen
Jede Note, wann und wie hoch sie gesungen wurde</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Bar</source>
      <translation>Takt</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Beats of a bar</source>
      <translation>Schläge eines Takts</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Double-click for the usual value</source>
      <translation>Doppelklick für den üblichen Wert</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>First beat in seconds</source>
      <translation>Erster Schlag in Sekunden</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Grid</source>
      <translation>Raster</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>How clear a start must be for a new note: lower parts repeated notes</source>
      <translation>Wie klar ein Beginn für eine neue Note sein muss: weniger trennt wiederholte Noten</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>How much vibrato and scoops are evened out before notes are read</source>
      <translation>Wie sehr Vibrato und Schleifer geglättet werden, bevor Noten gelesen werden</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>How sure it must be that somebody sings: lower finds more notes</source>
      <translation>Wie sicher jemand singen muss: weniger findet mehr Noten</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Key</source>
      <translation>Tonart</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Merge {value}</source>
      <translation>Binden {value}</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Merging in cents</source>
      <translation>Verbinden in Cent</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Notes against the recording: {percent} %</source>
      <translation>Noten gegen die Aufnahme: {percent} %</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Notes are quantised to it, and scores are written in it</source>
      <translation>Noten werden auf sie gerastert, und Partituren stehen in ihr</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Notes that touch and lie closer than this become one</source>
      <translation>Noten, die sich berühren und näher beieinander liegen, werden eine</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Onset in percent</source>
      <translation>Einsatz in Prozent</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Onset {value}</source>
      <translation>Einsatz {value}</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Piano</source>
      <translation>Klavier</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Quantised
Notes on the beat grid and in the key</source>
      <translation>Gerastert
Noten im Raster der Schläge und in der Tonart</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Recording</source>
      <translation>Aufnahme</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Recording and notes
Left: the recording alone; right: its notes alone</source>
      <translation>Aufnahme und Noten
Links: nur die Aufnahme; rechts: nur ihre Noten</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Shortest note in milliseconds</source>
      <translation>Kürzeste Note in Millisekunden</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Shortest {value} ms</source>
      <translation>Kürzeste {value} ms</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Smoothing of the pitch in milliseconds</source>
      <translation>Glättung der Tonhöhe in Millisekunden</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Smoothing {value} ms</source>
      <translation>Glätten {value} ms</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Sound of the notes</source>
      <translation>Klang der Noten</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Tap</source>
      <translation>Tippen</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Tempo of the song in beats per minute</source>
      <translation>Tempo des Stücks in Schlägen pro Minute</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>The grid that notes are quantised to, and the tempo of scores</source>
      <translation>Das Raster, auf das Noten gelegt werden, und das Tempo von Partituren</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>The parts of a beat that notes are quantised to</source>
      <translation>Die Teile eines Schlags, auf die Noten gelegt werden</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>This lane has no notes</source>
      <translation>Diese Spur hat keine Noten</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Tone</source>
      <translation>Ton</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Voicing in percent</source>
      <translation>Stimmhaftigkeit in Prozent</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Voicing {value}</source>
      <translation>Stimme {value}</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>What is shorter is no note of its own</source>
      <translation>Was kürzer ist, ist keine eigene Note</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>What plays them</source>
      <translation>Was sie spielt</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Where a bar begins; all others follow from it</source>
      <translation>Wo ein Takt beginnt; alle anderen folgen daraus</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>Where bar lines stand in scores</source>
      <translation>Wo Taktstriche in Partituren stehen</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>{count} notes so far</source>
      <translation>bisher {count} Noten</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_panel.py" />
      <source>{count} uncertain</source>
      <translation>{count} unsicher</translation>
    </message>
    <message>
      <location filename="../../app/views/melody_view.py" />
      <source>Click to move the playhead. Ctrl and wheel zooms time, Alt and wheel zooms frequency, Shift and wheel scrolls time.</source>
      <translation>Klicken setzt die Abspielposition. Strg und Rad vergrößert die Zeit, Alt und Rad die Tonhöhe, Umschalt und Rad verschiebt die Zeit.</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>It clipped: {level} dB.</source>
      <translation>Übersteuert: {level} dB.</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>Mix − stems</source>
      <translation>Mix − Stems</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>Output level</source>
      <translation>Ausgangspegel</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>Output level and highest peak in dB. Click or Return to reset.</source>
      <translation>Ausgangspegel und höchste Spitze in dB. Klick oder Eingabe setzt zurück.</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>Output level, clipped</source>
      <translation>Ausgangspegel, übersteuert</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>The mix minus all its stems, measured. Below −100 dB nobody can hear it: the stems together are the song, nothing was lost and nothing added.</source>
      <translation>Der Mix minus alle seine Stems, gemessen. Unter −100 dB hört das niemand: Die Stems zusammen sind das Stück, nichts ging verloren und nichts kam hinzu.</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>bad</source>
      <translation>schlecht</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>good</source>
      <translation>gut</translation>
    </message>
    <message>
      <location filename="../../app/views/meters.py" />
      <source>not measured</source>
      <translation>nicht gemessen</translation>
    </message>
    <message>
      <location filename="../../app/views/model_menu.py" />
      <source>No finished lane is selected</source>
      <translation>Keine fertige Spur ist ausgewählt</translation>
    </message>
    <message>
      <location filename="../../app/views/model_menu.py" />
      <source>{model}, the singer of this song</source>
      <translation>{model}, die Stimme dieses Stücks</translation>
    </message>
    <message>
      <location filename="../../app/views/model_menu.py" />
      <source>{model}, the song as it is</source>
      <translation>{model}, das Stück, wie es ist</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>, made of {ids}</source>
      <translation>, besteht aus {ids}</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Add from file…</source>
      <translation>Aus Datei hinzufügen…</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Add models</source>
      <translation>Modelle hinzufügen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Cancel
End it; of a download, what is there is kept</source>
      <translation>Abbrechen
Beenden; von einem Download bleibt, was schon da ist</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Close this window; what runs goes on</source>
      <translation>Dieses Fenster schließen; was läuft, geht weiter</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Delete its weights and card from this computer</source>
      <translation>Seine Gewichte und seine Karte von diesem Computer löschen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Download</source>
      <translation>Herunterladen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Drop a model’s file here, or choose one.</source>
      <translation>Ziehen Sie die Datei eines Modells hierher oder wählen Sie eine.</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Fetch it from the Hugging Face hub, check it and use it</source>
      <translation>Vom Hugging Face Hub holen, prüfen und benutzen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>From the playhead on: a lane that is heard alone, in a loop</source>
      <translation>Ab dem Abspielkopf: eine Spur, die allein in einer Schleife zu hören ist</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Give back its memory; it is loaded again when it is needed</source>
      <translation>Seinen Speicher freigeben; es wird wieder geladen, wenn es gebraucht wird</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Go on downloading</source>
      <translation>Weiter herunterladen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>How fast it is on this computer: takes its time once</source>
      <translation>Wie schnell es auf diesem Computer ist: dauert einmal seine Zeit</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Let it do its task from now on</source>
      <translation>Ab jetzt seine Aufgabe erledigen lassen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Measure</source>
      <translation>Messen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Measured</source>
      <translation>Gemessen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Quality</source>
      <translation>Qualität</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Remove…</source>
      <translation>Entfernen…</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Speed</source>
      <translation>Tempo</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Take a checkpoint in, as it is published</source>
      <translation>Einen Checkpoint aufnehmen, wie er veröffentlicht ist</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Task</source>
      <translation>Aufgabe</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Unload</source>
      <translation>Entladen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Use</source>
      <translation>Benutzen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>Where your own models’ cards are kept</source>
      <translation>Wo die Karten Ihrer eigenen Modelle liegen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>here, with {command}</source>
      <translation>hier, mit {command}</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>in memory</source>
      <translation>im Speicher</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>in use</source>
      <translation>in Gebrauch</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>is not measured for this task</source>
      <translation>wird für diese Aufgabe nicht gemessen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>nobody has measured it</source>
      <translation>niemand hat sie gemessen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>not measured on this computer</source>
      <translation>auf diesem Computer nicht gemessen</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>not on this computer</source>
      <translation>nicht auf diesem Computer</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>not stated</source>
      <translation>nicht angegeben</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>separates</source>
      <translation>trennt</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>separates into {stems}</source>
      <translation>trennt in {stems}</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>sings and speaks</source>
      <translation>singt und spricht</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>writes notes down</source>
      <translation>schreibt Noten auf</translation>
    </message>
    <message>
      <location filename="../../app/views/models.py" />
      <source>{size} to download</source>
      <translation>{size} herunterzuladen</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>As they were sung, or on the beat grid and in the key</source>
      <translation>Wie sie gesungen wurden, oder im Raster und in der Tonart</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>Export notes</source>
      <translation>Noten exportieren</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>Lane</source>
      <translation>Spur</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>Picture: PNG, SVG or PDF</source>
      <translation>Bild: PNG, SVG oder PDF</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>Pitch bends</source>
      <translation>Tonhöhenbeugung</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>Pitch bends
Glides and vibrato too, for synthesisers; leave out for notation</source>
      <translation>Tonhöhenbeugung
Auch Schleifer und Vibrato, für Synthesizer; für Notensatz weglassen</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>Save the notes</source>
      <translation>Noten speichern</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>Save…</source>
      <translation>Speichern …</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>Save…
Choose a name and write the notes</source>
      <translation>Speichern…
Einen Namen wählen und die Noten schreiben</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>What the notes are written as</source>
      <translation>Als was die Noten geschrieben werden</translation>
    </message>
    <message>
      <location filename="../../app/views/notes_dialog.py" />
      <source>{tempo} beats a minute, {count} to a bar; change it in the melody strip.</source>
      <translation>{tempo} Schläge pro Minute, {count} pro Takt; änderbar in der Melodieleiste.</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>1 lane</source>
      <translation>1 Spur</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>Discard…</source>
      <translation>Verwerfen …</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>Discard…
Delete it for good</source>
      <translation>Verwerfen …
Endgültig löschen</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>Later
Keep it, and ask again at the next start</source>
      <translation>Später
Behalten und beim nächsten Start wieder fragen</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>Melic ended unexpectedly. Recover “{title}” ({lanes}, {when})?</source>
      <translation>Melic endete unerwartet. „{title}“ wiederherstellen ({lanes}, {when})?</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>Recover</source>
      <translation>Wiederherstellen</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>Recover
Bring back every lane as it was</source>
      <translation>Wiederherstellen
Alle Spuren zurückholen, wie sie waren</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>just now</source>
      <translation>gerade eben</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>{count} days ago</source>
      <translation>vor {count} Tagen</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>{count} hours ago</source>
      <translation>vor {count} Stunden</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>{count} lanes</source>
      <translation>{count} Spuren</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>{count} minutes ago</source>
      <translation>vor {count} Minuten</translation>
    </message>
    <message>
      <location filename="../../app/views/offers.py" />
      <source>{words} (and {count} more)</source>
      <translation>{words} (und {count} weitere)</translation>
    </message>
    <message>
      <location filename="../../app/views/palette.py" />
      <source>A part of a command's name; arrows choose, Return runs it</source>
      <translation>Ein Teil eines Befehlsnamens; Pfeile wählen, Eingabe führt aus</translation>
    </message>
    <message>
      <location filename="../../app/views/palette.py" />
      <source>Commands that fit</source>
      <translation>Passende Befehle</translation>
    </message>
    <message>
      <location filename="../../app/views/palette.py" />
      <source>Find a command</source>
      <translation>Befehl suchen</translation>
    </message>
    <message>
      <location filename="../../app/views/palette.py" />
      <source>No command fits.</source>
      <translation>Kein Befehl passt.</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>All lanes</source>
      <translation>Alle Spuren</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Dark paper</source>
      <translation>Dunkles Papier</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>How many pixels each pixel of the screen becomes</source>
      <translation>Wie viele Bildpunkte aus jedem Bildpunkt des Bildschirms werden</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Lanes</source>
      <translation>Spuren</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Light paper</source>
      <translation>Helles Papier</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Notes and pitch</source>
      <translation>Noten und Tonhöhe</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Notes and pitch
Over the spectrogram, with their syllables</source>
      <translation>Noten und Tonhöhe
Über dem Spektrogramm, mit ihren Silben</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>PDF, vectors</source>
      <translation>PDF, Vektoren</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>PNG, pixels</source>
      <translation>PNG, Bildpunkte</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Paper</source>
      <translation>Papier</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Picture {name}</source>
      <translation>Bild {name}</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>SVG and PDF keep text and axes sharp at any size</source>
      <translation>SVG und PDF halten Text und Achsen in jeder Größe scharf</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>SVG, vectors</source>
      <translation>SVG, Vektoren</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Save the picture</source>
      <translation>Bild speichern</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Save…
Choose a name and write the picture</source>
      <translation>Speichern …
Einen Namen wählen und das Bild schreiben</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Scale</source>
      <translation>Maßstab</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>The selected lane</source>
      <translation>Die ausgewählte Spur</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Waveform above each lane</source>
      <translation>Wellenform über jeder Spur</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>Waveform above each lane
Where it is loud, at a glance</source>
      <translation>Wellenform über jeder Spur
Auf einen Blick, wo es laut ist</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>What is around the lanes</source>
      <translation>Was die Spuren umgibt</translation>
    </message>
    <message>
      <location filename="../../app/views/picture.py" />
      <source>What is pictured, as it is shown now</source>
      <translation>Was abgebildet wird, wie es jetzt zu sehen ist</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>A/B</source>
      <translation>A/B</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Beats of the count-in</source>
      <translation>Schläge beim Einzählen</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Clicks before playing begins</source>
      <translation>Klicks vor dem Abspielen</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Compare with</source>
      <translation>Vergleichen mit</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Count-in</source>
      <translation>Einzählen</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Count-in {left}</source>
      <translation>Einzählen {left}</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Fine transposition in cents</source>
      <translation>Feine Transposition in Cent</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Heard as usual</source>
      <translation>Wie üblich zu hören</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Higher</source>
      <translation>Höher</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Higher or lower; the speed stays</source>
      <translation>Höher oder tiefer; die Geschwindigkeit bleibt</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>How fast the count-in clicks; it is kept with the project</source>
      <translation>Wie schnell eingezählt wird; gehört zum Projekt</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Hundredths of a semitone, to meet a song that is out of tune</source>
      <translation>Hundertstel eines Halbtons, für verstimmte Stücke</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Lower</source>
      <translation>Tiefer</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Practice: {what}</source>
      <translation>Üben: {what}</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Speed
From a quarter to twice as fast; the pitch stays</source>
      <translation>Tempo
Ein Viertel bis doppelt so schnell; die Tonhöhe bleibt</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Speed in percent</source>
      <translation>Tempo in Prozent</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Speed {speed}, back to normal</source>
      <translation>Tempo {speed}, zurück zum normalen</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Tempo in beats per minute</source>
      <translation>Schläge pro Minute</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>The lane that takes turns with the selected one</source>
      <translation>Die Spur, die sich mit der gewählten abwechselt</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Transpose</source>
      <translation>Tonhöhe</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>Transposition in semitones</source>
      <translation>Transposition in Halbtönen</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>ct</source>
      <translation>ct</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>st</source>
      <translation>HT</translation>
    </message>
    <message>
      <location filename="../../app/views/practice.py" />
      <source>{semitones} st</source>
      <translation>{semitones} HT</translation>
    </message>
    <message>
      <location filename="../../app/views/recent.py" />
      <source>No project was saved yet</source>
      <translation>Noch kein Projekt gespeichert</translation>
    </message>
    <message>
      <location filename="../../app/views/recent.py" />
      <source>Open the project {name}</source>
      <translation>Projekt {name} öffnen</translation>
    </message>
    <message>
      <location filename="../../app/views/ruler.py" />
      <source>Click to move the playhead, drag to loop, wheel to zoom; Escape ends the loop.</source>
      <translation>Klicken setzt die Abspielposition, Ziehen macht eine Schleife, das Rad vergrößert; Esc beendet die Schleife.</translation>
    </message>
    <message>
      <location filename="../../app/views/ruler.py" />
      <source>Time ruler</source>
      <translation>Zeitlineal</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>End in seconds</source>
      <translation>Ende in Sekunden</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Height of the brush in semitones</source>
      <translation>Höhe des Pinsels in Halbtönen</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Highest frequency in Hz</source>
      <translation>Höchste Frequenz in Hz</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Lowest frequency in Hz</source>
      <translation>Tiefste Frequenz in Hz</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Partials</source>
      <translation>Teiltöne</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Peak</source>
      <translation>Spitze</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>SELECTION</source>
      <translation>AUSWAHL</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Start in seconds</source>
      <translation>Anfang in Sekunden</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Strongest</source>
      <translation>Stärkster Ton</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Type it, or use the arrow keys</source>
      <translation>Eintippen, oder die Pfeiltasten benutzen</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Width of each partial in semitones</source>
      <translation>Breite jedes Teiltons in Halbtönen</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>Width of the brush in milliseconds</source>
      <translation>Breite des Pinsels in Millisekunden</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>silence</source>
      <translation>Stille</translation>
    </message>
    <message>
      <location filename="../../app/views/selection.py" />
      <source>st, ms</source>
      <translation>HT, ms</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>1 word</source>
      <translation>1 Wort</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Another seed</source>
      <translation>Anderer Startwert</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Another seed
The same words, said a little differently</source>
      <translation>Anderer Startwert
Dieselben Wörter, ein wenig anders gesprochen</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Energy</source>
      <translation>Energie</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Seed</source>
      <translation>Startwert</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Speak</source>
      <translation>Sprechen</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Speak  (Ctrl+Return)
Make it a lane and hear it</source>
      <translation>Sprechen  (Strg+Eingabe)
Eine Spur daraus machen und sie hören</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Speak text</source>
      <translation>Text sprechen</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Text</source>
      <translation>Text</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>The same seed makes the same sound again</source>
      <translation>Derselbe Startwert ergibt wieder denselben Klang</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Type what the voice is to say.</source>
      <translation>Tippen Sie, was die Stimme sagen soll.</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Who speaks</source>
      <translation>Wer spricht</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Whole text</source>
      <translation>Ganzer Text</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Words</source>
      <translation>Wörter</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>Words
Choose one, and the sliders are for it alone</source>
      <translation>Wörter
Wählen Sie eines, und die Regler gelten nur dafür</translation>
    </message>
    <message>
      <location filename="../../app/views/speak.py" />
      <source>{count} words</source>
      <translation>{count} Wörter</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Axis</source>
      <translation>Achse</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Close this message</source>
      <translation>Diese Meldung schließen</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Copy details
What a report needs</source>
      <translation>Einzelheiten kopieren
Was eine Fehlermeldung braucht</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Grey</source>
      <translation>Grau</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>How frequencies are spread</source>
      <translation>Wie Frequenzen verteilt sind</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Inverse grey</source>
      <translation>Umgekehrtes Grau</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Linear</source>
      <translation>Linear</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Log</source>
      <translation>Log</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Long windows show pitch finely, short ones time</source>
      <translation>Lange Fenster zeigen Tonhöhen fein, kurze die Zeit</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Magma</source>
      <translation>Magma</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Mel</source>
      <translation>Mel</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Of the spectrogram</source>
      <translation>Des Spektrogramms</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Part of the song in view</source>
      <translation>Sichtbarer Teil des Stücks</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Pitch axis</source>
      <translation>Tonhöhenachse</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Problem: {message} {hint}</source>
      <translation>Problem: {message} {hint}</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>TRACKS</source>
      <translation>SPUREN</translation>
    </message>
    <message>
      <location filename="../../app/views/timeline.py" />
      <source>Window</source>
      <translation>Fenster</translation>
    </message>
    <message>
      <location filename="../../app/views/transport.py" />
      <source>No sound; look again</source>
      <translation>Kein Ton; erneut suchen</translation>
    </message>
    <message>
      <location filename="../../app/views/transport.py" />
      <source>Open</source>
      <translation>Öffnen</translation>
    </message>
    <message>
      <location filename="../../app/views/transport.py" />
      <source>Playhead and length
Where you are, and how long the whole is</source>
      <translation>Abspielposition und Länge
Wo Sie sind, und wie lang das Ganze ist</translation>
    </message>
    <message>
      <location filename="../../app/views/transport.py" />
      <source>Playhead {time} of {total}</source>
      <translation>Abspielposition {time} von {total}</translation>
    </message>
    <message>
      <location filename="../../app/views/transport.py" />
      <source>Press to look for a sound output again</source>
      <translation>Drücken, um erneut nach einer Tonausgabe zu suchen</translation>
    </message>
    <message>
      <location filename="../../app/views/transport.py" />
      <source>Sound output</source>
      <translation>Tonausgabe</translation>
    </message>
    <message>
      <location filename="../../app/views/transport.py" />
      <source>System output</source>
      <translation>Systemausgabe</translation>
    </message>
    <message>
      <location filename="../../app/views/transport.py" />
      <source>Where the sound goes</source>
      <translation>Wohin der Ton geht</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>1 note is not sung as it is written.</source>
      <translation>1 Note wird nicht gesungen, wie sie notiert ist.</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>Another take</source>
      <translation>Neue Aufnahme</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>Edit what is spoken…</source>
      <translation>Gesprochenes bearbeiten…</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>Energy
Softer and darker, or louder and brighter</source>
      <translation>Energie
Leiser und dunkler oder lauter und heller</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>Energy of {name}</source>
      <translation>Energie von {name}</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>Pitch
How many semitones higher or lower than it is written</source>
      <translation>Tonhöhe
Wie viele Halbtöne höher oder tiefer als notiert</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>Speed
How fast the text is spoken</source>
      <translation>Tempo
Wie schnell der Text gesprochen wird</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>Speed of {name}</source>
      <translation>Tempo von {name}</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>VOICE</source>
      <translation>STIMME</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>Who sings or speaks this lane</source>
      <translation>Wer diese Spur singt oder spricht</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>{count} notes are not sung as they are written.</source>
      <translation>{count} Noten werden nicht gesungen, wie sie notiert sind.</translation>
    </message>
    <message>
      <location filename="../../app/views/voice_panel.py" />
      <source>{voice} (missing)</source>
      <translation>{voice} (fehlt)</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>Paused</source>
      <translation>Angehalten</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>Playing</source>
      <translation>Wird abgespielt</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>about {count} min left</source>
      <translation>noch etwa {count} min</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>about {count} s left</source>
      <translation>noch etwa {count} s</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>muted</source>
      <translation>stumm</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>solo</source>
      <translation>solo</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>{name} muted</source>
      <translation>{name} stumm</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>{name} no longer muted</source>
      <translation>{name} nicht mehr stumm</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>{name} no longer solo</source>
      <translation>{name} nicht mehr solo</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>{name} selected</source>
      <translation>{name} ausgewählt</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>{name} solo</source>
      <translation>{name} solo</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>{title}: cancelled</source>
      <translation>{title}: abgebrochen</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>{title}: done</source>
      <translation>{title}: fertig</translation>
    </message>
    <message>
      <location filename="../../app/voice.py" />
      <source>{title}: failed</source>
      <translation>{title}: fehlgeschlagen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Bend down</source>
      <translation>Nach unten biegen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Bend up</source>
      <translation>Nach oben biegen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Click where a note is to be sung, drag for length, up or down to bend, type what is sung</source>
      <translation>Klicken, wo eine Note gesungen werden soll; ziehen für die Länge, auf oder ab zum Biegen; tippen, was gesungen wird</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Edit phonemes…</source>
      <translation>Laute bearbeiten…</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Let a voice sing the notes and words of this lane, which falls silent</source>
      <translation>Eine Stimme Noten und Text dieser Spur singen lassen, die dann schweigt</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Let another voice sing or speak this lane</source>
      <translation>Eine andere Stimme diese Spur singen oder sprechen lassen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Make it anew with another seed; the one before comes back with Undo</source>
      <translation>Mit einem anderen Startwert neu machen; Rückgängig holt das Vorige zurück</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Next voice</source>
      <translation>Nächste Stimme</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Other singer</source>
      <translation>Andere Stimme im Stück</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Select a lane that is spoken.</source>
      <translation>Wählen Sie eine Spur, die gesprochen wird.</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Select a lane that is sung or spoken.</source>
      <translation>Wählen Sie eine Spur, die gesungen oder gesprochen wird.</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Select a lane with notes: transcribe it, or open a score.</source>
      <translation>Wählen Sie eine Spur mit Noten: Transkribieren Sie, oder öffnen Sie eine Notendatei.</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Select a note of a lane that is sung.</source>
      <translation>Wählen Sie eine Note einer Spur, die gesungen wird.</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Select notes of a lane that is sung, in the view “As sung”.</source>
      <translation>Wähle Noten einer Spur, die gesungen wird, in der Ansicht „Gesungen“.</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Sing or speak a semitone higher than it is written</source>
      <translation>Einen Halbton höher singen oder sprechen als notiert</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Sing or speak a semitone lower than it is written</source>
      <translation>Einen Halbton tiefer singen oder sprechen als notiert</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Sing this melody</source>
      <translation>Diese Melodie singen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Slide a semitone higher by the end of the note; or drag up while drawing a note, or its end</source>
      <translation>Bis zum Ende der Note einen Halbton höher gleiten; oder beim Zeichnen einer Note, oder an ihrem Ende, nach oben ziehen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Slide a semitone lower by the end of the note; or drag down while drawing a note, or its end</source>
      <translation>Bis zum Ende der Note einen Halbton tiefer gleiten; oder beim Zeichnen einer Note, oder an ihrem Ende, nach unten ziehen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Speak text…</source>
      <translation>Text sprechen…</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Take the singer out, write the notes down, and let a voice sing them</source>
      <translation>Den Gesang heraustrennen, die Noten aufschreiben und eine Stimme sie singen lassen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Text, speed, pitch and energy, also of single words</source>
      <translation>Text, Tempo, Tonhöhe und Energie, auch einzelner Wörter</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Type a text and let a voice say it</source>
      <translation>Einen Text tippen und von einer Stimme sprechen lassen</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Type the sounds of a sung note by hand; nothing: those of its words</source>
      <translation>Die Laute einer gesungenen Note von Hand tippen; leer: die ihres Textes</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Voice down</source>
      <translation>Stimme tiefer</translation>
    </message>
    <message>
      <location filename="../../app/voice_commands.py" />
      <source>Voice up</source>
      <translation>Stimme höher</translation>
    </message>
    <message>
      <location filename="../../app/words.py" />
      <source>__language__</source>
      <translation>de</translation>
    </message>
  </context>
  <context>
    <name>Engine</name>
    <message>
      <location filename="../../app/batching.py" />
      <source>Install Melic again.</source>
      <translation>Installieren Sie Melic neu.</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>Nothing is ticked.</source>
      <translation>Nichts ist angekreuzt.</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>The chains that come with Melic are missing.</source>
      <translation>Die mitgelieferten Ketten fehlen.</translation>
    </message>
    <message>
      <location filename="../../app/batching.py" />
      <source>Tick at least one thing to write.</source>
      <translation>Kreuzen Sie mindestens eines an.</translation>
    </message>
    <message>
      <location filename="../../app/cli_models.py" />
      <source>Known ones: {0}.</source>
      <translation>Bekannt sind: {0}.</translation>
    </message>
    <message>
      <location filename="../../app/cli_models.py" />
      <source>No published model is called {0}.</source>
      <translation>Kein veröffentlichtes Modell heißt {0}.</translation>
    </message>
    <message>
      <location filename="../../app/cli_transcribe.py" />
      <source>Name a folder after -o.</source>
      <translation>Nennen Sie nach -o einen Ordner.</translation>
    </message>
    <message>
      <location filename="../../app/cli_transcribe.py" />
      <source>Run the songs one by one.</source>
      <translation>Nehmen Sie die Stücke einzeln.</translation>
    </message>
    <message>
      <location filename="../../app/cli_transcribe.py" />
      <source>See the verb 'models'.</source>
      <translation>Siehe das Verb „models“.</translation>
    </message>
    <message>
      <location filename="../../app/cli_transcribe.py" />
      <source>{0} is no model for transcription.</source>
      <translation>{0} ist kein Modell zum Transkribieren.</translation>
    </message>
    <message>
      <location filename="../../app/cli_transcribe.py" />
      <source>{0} songs cannot go into one file, {1}.</source>
      <translation>{0} Stücke passen nicht in eine Datei, {1}.</translation>
    </message>
    <message>
      <location filename="../../app/cli_voice.py" />
      <source>Known voices: {0}.</source>
      <translation>Bekannte Stimmen: {0}.</translation>
    </message>
    <message>
      <location filename="../../app/cli_voice.py" />
      <source>Let it end in .wav, .flac or .mp3.</source>
      <translation>Lassen Sie den Namen auf .wav, .flac oder .mp3 enden.</translation>
    </message>
    <message>
      <location filename="../../app/cli_voice.py" />
      <source>There are no notes in “{0}”.</source>
      <translation>In „{0}“ sind keine Noten.</translation>
    </message>
    <message>
      <location filename="../../app/cli_voice.py" />
      <source>There is no voice called {0}.</source>
      <translation>Es gibt keine Stimme namens {0}.</translation>
    </message>
    <message>
      <location filename="../../app/cli_voice.py" />
      <source>There is no voice here.</source>
      <translation>Hier gibt es keine Stimme.</translation>
    </message>
    <message>
      <location filename="../../app/cli_voice.py" />
      <source>“{0}” names no kind of sound file that Melic writes.</source>
      <translation>„{0}“ nennt keine Art von Klangdatei, die Melic schreibt.</translation>
    </message>
    <message>
      <location filename="../../app/picture.py" />
      <source>Choose a smaller scale, or picture one lane.</source>
      <translation>Wählen Sie einen kleineren Maßstab, oder bilden Sie eine Spur ab.</translation>
    </message>
    <message>
      <location filename="../../app/picture.py" />
      <source>Choose another folder or name.</source>
      <translation>Wählen Sie einen anderen Ordner oder Namen.</translation>
    </message>
    <message>
      <location filename="../../app/picture.py" />
      <source>The picture would have {0} million pixels.</source>
      <translation>Das Bild hätte {0} Millionen Bildpunkte.</translation>
    </message>
    <message>
      <location filename="../../app/picture.py" />
      <source>“{0}” cannot be written to {1}: {2}.</source>
      <translation>„{0}“ lässt sich nicht nach {1} schreiben: {2}.</translation>
    </message>
    <message>
      <location filename="../../app/playback.py" />
      <source>The sound on disk cannot be read ({0}).</source>
      <translation>Der Klang auf der Festplatte ist nicht lesbar ({0}).</translation>
    </message>
    <message>
      <location filename="../../app/portaudio.py" />
      <source>Save your work and start Melic again to hear it.</source>
      <translation>Speichern Sie Ihre Arbeit und starten Sie Melic neu, um sie zu hören.</translation>
    </message>
    <message>
      <location filename="../../app/portaudio.py" />
      <source>The sound devices cannot be listed ({0}).</source>
      <translation>Die Tongeräte lassen sich nicht auflisten ({0}).</translation>
    </message>
    <message>
      <location filename="../../app/portaudio.py" />
      <source>The sound system did not start ({0}).</source>
      <translation>Das Tonsystem ist nicht gestartet ({0}).</translation>
    </message>
    <message>
      <location filename="../../app/portaudio.py" />
      <source>There is no sound: the Python package sounddevice is missing.</source>
      <translation>Kein Ton: Das Python-Paket sounddevice fehlt.</translation>
    </message>
    <message>
      <location filename="../../app/portaudio.py" />
      <source>There is no sound: the library PortAudio is missing.</source>
      <translation>Kein Ton: Die Bibliothek PortAudio fehlt.</translation>
    </message>
    <message>
      <location filename="../../app/portaudio.py" />
      <source>There is no sound: the sound system does not answer any more.</source>
      <translation>Kein Ton: Das Tonsystem antwortet nicht mehr.</translation>
    </message>
    <message>
      <location filename="../../app/sinks.py" />
      <source>Another program may be using it: close that one or choose another device.</source>
      <translation>Vielleicht benutzt es ein anderes Programm: Schließen Sie das oder wählen Sie ein anderes Gerät.</translation>
    </message>
    <message>
      <location filename="../../app/sinks.py" />
      <source>Connect it again or choose another one, then play on.</source>
      <translation>Schließen Sie es wieder an oder wählen Sie ein anderes, dann geht es weiter.</translation>
    </message>
    <message>
      <location filename="../../app/sinks.py" />
      <source>Connect or switch on speakers or headphones, then try again.</source>
      <translation>Lautsprecher oder Kopfhörer anschließen oder einschalten, dann erneut versuchen.</translation>
    </message>
    <message>
      <location filename="../../app/sinks.py" />
      <source>The sound device “{0}” cannot be opened ({1}).</source>
      <translation>Das Tongerät „{0}“ lässt sich nicht öffnen ({1}).</translation>
    </message>
    <message>
      <location filename="../../app/sinks.py" />
      <source>The sound device “{0}” is gone.</source>
      <translation>Das Tongerät „{0}“ ist weg.</translation>
    </message>
    <message>
      <location filename="../../app/sinks.py" />
      <source>There is no sound: no sound device was found.</source>
      <translation>Kein Ton: Es wurde kein Tongerät gefunden.</translation>
    </message>
    <message>
      <location filename="../../app/sources.py" />
      <source>Another program may be using it, or Melic may not be allowed to hear it: look at the system's privacy settings, or choose another input.</source>
      <translation>Vielleicht benutzt es ein anderes Programm, oder Melic darf es nicht hören: Sehen Sie in den Datenschutzeinstellungen des Systems nach, oder wählen Sie einen anderen Eingang.</translation>
    </message>
    <message>
      <location filename="../../app/sources.py" />
      <source>Connect it again or choose another input.</source>
      <translation>Schließen Sie es wieder an, oder wählen Sie einen anderen Eingang.</translation>
    </message>
    <message>
      <location filename="../../app/sources.py" />
      <source>Connect or switch on a microphone, then try again. All else works without one.</source>
      <translation>Ein Mikrofon anschließen oder einschalten, dann erneut versuchen. Alles andere geht auch ohne.</translation>
    </message>
    <message>
      <location filename="../../app/sources.py" />
      <source>The microphone “{0}” cannot be opened ({1}).</source>
      <translation>Das Mikrofon „{0}“ lässt sich nicht öffnen ({1}).</translation>
    </message>
    <message>
      <location filename="../../app/sources.py" />
      <source>The microphone “{0}” is gone.</source>
      <translation>Das Mikrofon „{0}“ ist weg.</translation>
    </message>
    <message>
      <location filename="../../app/sources.py" />
      <source>There is no microphone: no sound input was found.</source>
      <translation>Kein Mikrofon: Es wurde kein Toneingang gefunden.</translation>
    </message>
    <message>
      <location filename="../../engine/audio.py" />
      <source>Choose another folder for working files.</source>
      <translation>Wählen Sie einen anderen Ordner für Arbeitsdateien.</translation>
    </message>
    <message>
      <location filename="../../engine/audio.py" />
      <source>Free some space, or choose another folder for working files.</source>
      <translation>Schaffen Sie Platz, oder wählen Sie einen anderen Ordner für Arbeitsdateien.</translation>
    </message>
    <message>
      <location filename="../../engine/audio.py" />
      <source>Its head is probably damaged. Fetch the file again, or close other programs.</source>
      <translation>Ihr Kopf ist wohl beschädigt. Holen Sie die Datei noch einmal, oder schließen Sie andere Programme.</translation>
    </message>
    <message>
      <location filename="../../engine/audio.py" />
      <source>Peaks reach {0} dBFS; nothing was cut or made quieter.</source>
      <translation>Spitzen reichen bis {0} dBFS; nichts wurde beschnitten oder leiser gemacht.</translation>
    </message>
    <message>
      <location filename="../../engine/audio.py" />
      <source>Reading {0}</source>
      <translation>{0} wird gelesen</translation>
    </message>
    <message>
      <location filename="../../engine/audio.py" />
      <source>There is too little room on the disk for “{0}”: it needs {1} MB in {2}, where {3} MB are free.</source>
      <translation>Auf der Festplatte ist zu wenig Platz für „{0}“: Es braucht {1} MB in {2}, wo {3} MB frei sind.</translation>
    </message>
    <message>
      <location filename="../../engine/audio.py" />
      <source>{0} samples were no numbers (NaN or infinite) and were replaced by silence.</source>
      <translation>{0} Abtastwerte waren keine Zahlen (NaN oder unendlich) und wurden durch Stille ersetzt.</translation>
    </message>
    <message>
      <location filename="../../engine/audio.py" />
      <source>“{0}” cannot be kept in {1}: {2}.</source>
      <translation>„{0}“ lässt sich nicht in {1} aufbewahren: {2}.</translation>
    </message>
    <message>
      <location filename="../../engine/batch.py" />
      <source>Check that it is still there.</source>
      <translation>Prüfen Sie, ob es noch da ist.</translation>
    </message>
    <message>
      <location filename="../../engine/batch.py" />
      <source>Close other programs.</source>
      <translation>Schließen Sie andere Programme.</translation>
    </message>
    <message>
      <location filename="../../engine/batch.py" />
      <source>Copy the details and report it; the song is untouched.</source>
      <translation>Kopieren Sie die Einzelheiten und melden Sie es; das Stück ist unberührt.</translation>
    </message>
    <message>
      <location filename="../../engine/batch.py" />
      <source>Looking at {0}</source>
      <translation>{0} wird angesehen</translation>
    </message>
    <message>
      <location filename="../../engine/batch.py" />
      <source>Something went wrong that Melic did not foresee ({0}: {1}).</source>
      <translation>Etwas ging schief, womit Melic nicht gerechnet hat ({0}: {1}).</translation>
    </message>
    <message>
      <location filename="../../engine/batch.py" />
      <source>There is too little memory for “{0}”.</source>
      <translation>Für „{0}“ ist zu wenig Arbeitsspeicher da.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>Kept, but no verb and no window uses it yet: it makes mel spectrograms, not sound.</source>
      <translation>Behalten, aber noch benutzt es kein Befehl und kein Fenster: Es macht Mel-Spektrogramme, keinen Klang.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>Kept, but no verb and no window uses it yet: singing and speaking have their own.</source>
      <translation>Behalten, aber noch benutzt es kein Befehl und kein Fenster: Singen und Sprechen haben ihre eigenen.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>Known models: {0}.</source>
      <translation>Bekannte Modelle: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>Melic has a model {0} of its own.</source>
      <translation>Melic hat ein eigenes Modell {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>Remove the file or restore Melic's own.</source>
      <translation>Entfernen Sie die Datei oder stellen Sie die von Melic wieder her.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>Rename the file.</source>
      <translation>Benennen Sie die Datei um.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>Rename {0}.</source>
      <translation>Benennen Sie {0} um.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>There is no model called {0}.</source>
      <translation>Es gibt kein Modell namens {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>outputs are not names of stems</source>
      <translation>Ausgänge sind keine Namen von Stems</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>the weights of its members are no numbers above 0</source>
      <translation>die Gewichte seiner Mitglieder sind keine Zahlen über 0</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>two outputs have one name</source>
      <translation>zwei Ausgänge haben denselben Namen</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>windows cannot be heard {0} times</source>
      <translation>Fenster lassen sich nicht {0} Mal hören</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>windows of {0} s cannot overlap by {1} s</source>
      <translation>Fenster von {0} s können nicht um {1} s überlappen</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>{0} is not a model card: {1}.</source>
      <translation>{0} ist keine Modellkarte: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/cards.py" />
      <source>{0} is the card of {1}.</source>
      <translation>{0} ist die Karte von {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>A setting is a line such as format = "flac"; a step begins with [[step]].</source>
      <translation>Eine Einstellung ist eine Zeile wie format = "flac"; ein Schritt beginnt mit [[step]].</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Add a step with do = "export".</source>
      <translation>Fügen Sie einen Schritt mit do = "export" hinzu.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Add do = "…"; known are {0}.</source>
      <translation>Fügen Sie do = "…" hinzu; bekannt sind {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Add one that begins with [[step]].</source>
      <translation>Fügen Sie einen hinzu, der mit [[step]] beginnt.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Begin it with name = "My chain".</source>
      <translation>Beginnen Sie sie mit name = "Meine Kette".</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Check its name.</source>
      <translation>Prüfen Sie den Namen.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Check that the folder is yours and that the disk has room.</source>
      <translation>Prüfen Sie, ob der Ordner Ihnen gehört und ob Platz ist.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>It says {0}.</source>
      <translation>Da steht {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>It takes {0}.</source>
      <translation>Erlaubt ist {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Known are {0}.</source>
      <translation>Bekannt sind {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Known are {0}; or name a file that ends in .toml.</source>
      <translation>Bekannt sind {0}; oder nennen Sie eine Datei, die auf .toml endet.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Save it as UTF-8, or choose another file.</source>
      <translation>Speichern Sie sie als UTF-8, oder wählen Sie eine andere Datei.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>The chain could not be kept in {0}: {1}.</source>
      <translation>Die Kette ließ sich nicht in {0} aufbewahren: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>The chain “{0}” cannot be read: {1}.</source>
      <translation>Die Kette „{0}“ lässt sich nicht lesen: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>There is no chain called “{0}”.</source>
      <translation>Es gibt keine Kette namens „{0}“.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>Write [[step]].</source>
      <translation>Schreiben Sie [[step]].</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: a chain has no “{1}”.</source>
      <translation>{0}: Eine Kette hat kein „{1}“.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: a step begins with two brackets.</source>
      <translation>{0}: Ein Schritt beginnt mit zwei Klammern.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: the chain writes nothing.</source>
      <translation>{0}: Die Kette schreibt nichts.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: the step does not say what to do.</source>
      <translation>{0}: Der Schritt sagt nicht, was zu tun ist.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: there is no step called {1}.</source>
      <translation>{0}: Es gibt keinen Schritt namens {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: this is no step.</source>
      <translation>{0}: Das ist kein Schritt.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: “{1}” has no setting “{2}”.</source>
      <translation>{0}: „{1}“ hat keine Einstellung „{2}“.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: “{1}” must be text in quotes.</source>
      <translation>{0}: „{1}“ muss Text in Anführungszeichen sein.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>{0}: “{1}” needs “{2}”.</source>
      <translation>{0}: „{1}“ braucht „{2}“.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>“{0}” has no name.</source>
      <translation>„{0}“ hat keinen Namen.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>“{0}” has no step.</source>
      <translation>„{0}“ hat keinen Schritt.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>“{0}” is not text in UTF-8.</source>
      <translation>„{0}“ ist kein Text in UTF-8.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>“{0}” is not written as TOML: {1}.</source>
      <translation>„{0}“ ist kein TOML: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/chain.py" />
      <source>“{0}” is too large for a chain.</source>
      <translation>„{0}“ ist zu groß für eine Kette.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Choose the checkpoint file in it.</source>
      <translation>Wählen Sie die Checkpoint-Datei darin.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Choose the file that belongs to these weights, or leave it out.</source>
      <translation>Wählen Sie die Datei, die zu diesen Gewichten gehört, oder lassen Sie sie weg.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Download the file itself, not its page.</source>
      <translation>Laden Sie die Datei selbst herunter, nicht ihre Seite.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Download the file itself.</source>
      <translation>Laden Sie die Datei selbst herunter.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Get the file again: a download may have been cut off.</source>
      <translation>Holen Sie die Datei noch einmal: Ein Herunterladen brach vielleicht ab.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>It may be damaged, or a variant that Melic does not know.</source>
      <translation>Sie ist vielleicht beschädigt, oder eine Spielart, die Melic nicht kennt.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Leave it out: the sizes show in the weights.</source>
      <translation>Lassen Sie sie weg: Die Größen zeigen sich in den Gewichten.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Melic never runs code from a file. Save its weights alone, as safetensors.</source>
      <translation>Melic führt nie Code aus einer Datei aus. Speichern Sie nur die Gewichte, als safetensors.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Melic runs {0} and {1} networks.</source>
      <translation>Melic rechnet mit Netzen der Arten {0} und {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Results would be wrong without them.</source>
      <translation>Ohne sie wären die Ergebnisse falsch.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Save its weights alone, as safetensors.</source>
      <translation>Speichern Sie nur die Gewichte, als safetensors.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>Unpack it first.</source>
      <translation>Entpacken Sie es zuerst.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} asks for skip connections, which Melic does not have.</source>
      <translation>{0} verlangt Skip-Verbindungen, die Melic nicht hat.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} cannot be read: {1}.</source>
      <translation>{0} ist nicht lesbar: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} holds a program (TorchScript).</source>
      <translation>{0} enthält ein Programm (TorchScript).</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} holds no network Melic knows.</source>
      <translation>{0} enthält kein Netz, das Melic kennt.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} holds weights that are no plain numbers.</source>
      <translation>{0} enthält Gewichte, die keine schlichten Zahlen sind.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is a folder.</source>
      <translation>{0} ist ein Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is a packed archive.</source>
      <translation>{0} ist ein gepacktes Archiv.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is an ONNX file of another network.</source>
      <translation>{0} ist die ONNX-Datei eines anderen Netzes.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is an ONNX file that is cut off or damaged.</source>
      <translation>{0} ist eine abgeschnittene oder beschädigte ONNX-Datei.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is cut off or damaged.</source>
      <translation>{0} ist abgeschnitten oder beschädigt.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is damaged.</source>
      <translation>{0} ist beschädigt.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is empty.</source>
      <translation>{0} ist leer.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is no checkpoint that Melic knows.</source>
      <translation>{0} ist kein Checkpoint, den Melic kennt.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is no complete {1}: the tensor {2} is missing.</source>
      <translation>{0} ist kein vollständiges {1}: Der Tensor {2} fehlt.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is no complete {1}: {2} of {3} tensors {4}, the first is {5}.</source>
      <translation>{0} ist kein vollständiges {1}: {2} von {3} Tensoren {4}, der erste ist {5}.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is no {1} that Melic can run: {2}.</source>
      <translation>{0} ist kein {1}, das Melic betreiben kann: {2}.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is not the configuration of a network: {1}.</source>
      <translation>{0} ist nicht die Konfiguration eines Netzes: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} is of another network: it says {1} {2}, and the weights show {3}.</source>
      <translation>{0} gehört zu einem anderen Netz: Dort steht {1} {2}, und die Gewichte zeigen {3}.</translation>
    </message>
    <message>
      <location filename="../../engine/checkpoints.py" />
      <source>{0} looks like {1}.</source>
      <translation>{0} sieht aus wie {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/document.py" />
      <source>A lane without sound was left out.</source>
      <translation>Eine Spur ohne Klang wurde ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../engine/document.py" />
      <source>One value made no sense and was replaced.</source>
      <translation>Ein Wert war sinnlos und wurde ersetzt.</translation>
    </message>
    <message>
      <location filename="../../engine/document.py" />
      <source>Only the first {0} lanes were opened.</source>
      <translation>Nur die ersten {0} Spuren wurden geöffnet.</translation>
    </message>
    <message>
      <location filename="../../engine/document.py" />
      <source>The project does not say where the sound of “{0}” is.</source>
      <translation>Das Projekt sagt nicht, wo der Klang von „{0}“ liegt.</translation>
    </message>
    <message>
      <location filename="../../engine/document.py" />
      <source>{0} values made no sense and were replaced.</source>
      <translation>{0} Werte waren sinnlos und wurden ersetzt.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>A network that asks for a login answers so, too: open a web page first.</source>
      <translation>Auch ein Netz, das eine Anmeldung verlangt, antwortet so: Öffnen Sie zuerst eine Webseite.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>Check the computer's date, and whether a proxy stands between.</source>
      <translation>Prüfen Sie das Datum des Computers und ob ein Proxy dazwischen steht.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>Checking {0}</source>
      <translation>{0} wird geprüft</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>Downloading: {0} of {1} MB</source>
      <translation>Wird heruntergeladen: {0} von {1} MB</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>Free some space on the disk and try again.</source>
      <translation>Schaffen Sie Platz auf der Festplatte und versuchen Sie es erneut.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>It may have moved: look at {0}, and add its file by hand.</source>
      <translation>Vielleicht ist es umgezogen: Sehen Sie auf {0} nach und fügen Sie die Datei von Hand hinzu.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>It would be in {0}.</source>
      <translation>Es läge in {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>Looking for {0}</source>
      <translation>{0} wird gesucht</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>Nothing of it was kept. The server, or a mirror, has other contents now.</source>
      <translation>Nichts davon wurde behalten. Der Server oder ein Spiegel hat jetzt einen anderen Inhalt.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>The connection to {0} broke off.</source>
      <translation>Die Verbindung zu {0} ist abgebrochen.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>The connection to {0} is not secure: {1}.</source>
      <translation>Die Verbindung zu {0} ist nicht sicher: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>There is no connection to {0}.</source>
      <translation>Es gibt keine Verbindung zu {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>There is not enough room: {0} MB are needed in {1}, {2} MB are free.</source>
      <translation>Es ist nicht genug Platz: {0} MB werden in {1} gebraucht, {2} MB sind frei.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>Wait until that is done.</source>
      <translation>Warten Sie, bis das fertig ist.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} cannot answer now ({1}).</source>
      <translation>{0} kann jetzt nicht antworten ({1}).</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} could not be kept: {1}.</source>
      <translation>{0} ließ sich nicht aufbewahren: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} does not give {1} away ({2}).</source>
      <translation>{0} gibt {1} nicht heraus ({2}).</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} has another file: {1} bytes instead of {2}.</source>
      <translation>{0} hat eine andere Datei: {1} Byte statt {2}.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} is already here.</source>
      <translation>{0} ist schon da.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} is being downloaded already.</source>
      <translation>{0} wird schon heruntergeladen.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} is no address: {1}.</source>
      <translation>{0} ist keine Adresse: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} is not the file it should be: its SHA-256 is another.</source>
      <translation>{0} ist nicht die Datei, die es sein soll: Ihr SHA-256 ist ein anderer.</translation>
    </message>
    <message>
      <location filename="../../engine/downloads.py" />
      <source>{0} sends another part of the file than it was asked for.</source>
      <translation>{0} schickt einen anderen Teil der Datei als verlangt.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>Choose a folder of your own.</source>
      <translation>Wählen Sie einen eigenen Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>Choose another folder or format.</source>
      <translation>Wählen Sie einen anderen Ordner oder ein anderes Format.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>Choose another name.</source>
      <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>Free some space, choose another folder, or export as FLAC or MP3.</source>
      <translation>Schaffen Sie Platz, wählen Sie einen anderen Ordner, oder exportieren Sie als FLAC oder MP3.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>It needs {0} MB. Free some, or choose another folder.</source>
      <translation>Es braucht {0} MB. Schaffen Sie Platz, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>MP3 cannot hold {0} Hz, so it was resampled to {1} Hz.</source>
      <translation>MP3 kann {0} Hz nicht aufnehmen, daher wurde auf {1} Hz umgerechnet.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>Make it, or choose another one.</source>
      <translation>Legen Sie ihn an, oder wählen Sie einen anderen.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>Over 4 GB, so written as RF64, without tags.</source>
      <translation>Über 4 GB, daher als RF64 geschrieben, ohne Tags.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>Peaks reach {0}; players will cut them.</source>
      <translation>Spitzen reichen bis {0}; Abspielgeräte werden sie beschneiden.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>The disk was full before “{0}” was done; nothing was left behind.</source>
      <translation>Die Festplatte war voll, bevor „{0}“ fertig war; nichts blieb zurück.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>The folder “{0}” is not there.</source>
      <translation>Den Ordner „{0}“ gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>There is too little room for “{0}”: it may need {1} MB in {2}, where {3} MB are free.</source>
      <translation>Für „{0}“ ist zu wenig Platz: Es kann {1} MB in {2} brauchen, wo {3} MB frei sind.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>{0} samples, up to {1} above full scale, were cut.</source>
      <translation>{0} Abtastwerte, bis {1} über Vollaussteuerung, wurden beschnitten.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>“{0}” could not be written to {1}: {2}.</source>
      <translation>„{0}“ ließ sich nicht nach {1} schreiben: {2}.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>“{0}” is a folder.</source>
      <translation>„{0}“ ist ein Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/encode.py" />
      <source>“{0}” may not be written to {1}.</source>
      <translation>„{0}“ darf nicht nach {1} geschrieben werden.</translation>
    </message>
    <message>
      <location filename="../../engine/espeak.py" />
      <source>Set Melic up again: the package espeakng-loader cannot be used ({0}).</source>
      <translation>Richten Sie Melic neu ein: Das Paket espeakng-loader lässt sich nicht verwenden ({0}).</translation>
    </message>
    <message>
      <location filename="../../engine/espeak.py" />
      <source>The pronunciation of words is not available on this computer.</source>
      <translation>Die Aussprache von Wörtern ist auf diesem Computer nicht verfügbar.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>It is protected, or its kind of sound is unknown. Convert it to WAV or FLAC.</source>
      <translation>Sie ist geschützt, oder ihre Tonart ist unbekannt. Wandeln Sie sie in WAV oder FLAC um.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>It was saved without a sound track.</source>
      <translation>Sie wurde ohne Tonspur gespeichert.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>Only the head of the file is there, or what follows is damaged. Fetch it again.</source>
      <translation>Nur der Kopf der Datei ist da, oder was folgt, ist beschädigt. Holen Sie sie noch einmal.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>The file has {0} sound tracks; this is the main one.</source>
      <translation>Die Datei hat {0} Tonspuren; dies ist die wichtigste.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>The file is cut off: {0} of {1} s could be read.</source>
      <translation>Die Datei ist abgeschnitten: {0} von {1} s waren lesbar.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>{0} channels were mixed down to stereo{1}.</source>
      <translation>{0} Kanäle wurden zu Stereo gemischt{1}.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>{0} damaged places were replaced by silence.</source>
      <translation>{0} beschädigte Stellen wurden durch Stille ersetzt.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>“{0}” cannot be decoded.</source>
      <translation>„{0}“ lässt sich nicht dekodieren.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>“{0}” has no sound in it.</source>
      <translation>„{0}“ enthält keinen Ton.</translation>
    </message>
    <message>
      <location filename="../../engine/ffmpeg.py" />
      <source>“{0}” has no sound that can be read.</source>
      <translation>„{0}“ enthält keinen lesbaren Ton.</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>Close other programs, or separate with a smaller model.</source>
      <translation>Schließen Sie andere Programme oder trennen Sie mit einem kleineren Modell.</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>It does not give {0}.</source>
      <translation>Es liefert {0} nicht.</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>It is of another kind.</source>
      <translation>Es ist von anderer Art.</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>The weights of {0} do not fit its card.</source>
      <translation>Die Gewichte von {0} passen nicht zur Karte.</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>There is not enough memory for {0}.</source>
      <translation>Der Speicher reicht für {0} nicht.</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>They give {0} stems, the card names {1}.</source>
      <translation>Sie liefern {0} Stems, die Karte nennt {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>calculated in floats of 16 bits</source>
      <translation>in Gleitkommazahlen von 16 Bit gerechnet</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>calculated in integers of 8 bits</source>
      <translation>in ganzen Zahlen mit 8 Bit gerechnet</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>the graphics card has too little memory for it</source>
      <translation>die Grafikkarte hat dafür zu wenig Speicher</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>there was too little memory, so less is heard at once</source>
      <translation>es war zu wenig Speicher da, daher wird weniger auf einmal gehört</translation>
    </message>
    <message>
      <location filename="../../engine/hearing.py" />
      <source>{0} cannot be part of {1}.</source>
      <translation>{0} kann kein Teil von {1} sein.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>A network that parts nothing gives no stems.</source>
      <translation>Ein Netz, das nichts trennt, liefert keine Spuren.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Add it without naming any.</source>
      <translation>Fügen Sie es hinzu, ohne welche zu nennen.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Converting {0}</source>
      <translation>{0} wird umgewandelt</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Its hop and window may be wrong: give the configuration that belongs to it.</source>
      <translation>Schrittweite und Fenster sind vielleicht falsch: Geben Sie die zugehörige Konfiguration an.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Keeping it</source>
      <translation>Wird aufbewahrt</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Models that can be removed: {0}.</source>
      <translation>Entfernbare Modelle: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Name as many as it gives, in its order.</source>
      <translation>Nennen Sie so viele, wie es liefert, in seiner Reihenfolge.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Nothing says its hop: {0} is taken, as published.</source>
      <translation>Nichts nennt die Schrittweite: {0} wird angenommen, wie veröffentlicht.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Nothing says its rate: {0} Hz is taken, as published.</source>
      <translation>Nichts nennt seine Rate: {0} Hz wie veröffentlicht werden angenommen.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Nothing says what it gives: it is called {0}.</source>
      <translation>Nichts sagt, was es liefert: Es heißt {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Removing {0}</source>
      <translation>{0} wird entfernt</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>The Vocos for mel spectrograms (mel-24khz) can be added.</source>
      <translation>Das Vocos für Mel-Spektrogramme (mel-24khz) lässt sich hinzufügen.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>The network gives {0} stems, but {1} are named: {2}.</source>
      <translation>Das Netz liefert {0} Stems, aber {1} sind genannt: {2}.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>The weights of {0} are damaged: {1} holds values that are no numbers.</source>
      <translation>Die Gewichte von {0} sind beschädigt: {1} enthält Werte, die keine Zahlen sind.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>This Vocos turns codes of EnCodec into sound, and Melic has no EnCodec.</source>
      <translation>Dieses Vocos macht aus EnCodec-Codes Klang, und Melic hat kein EnCodec.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>Trying it on one second</source>
      <translation>Wird an einer Sekunde erprobt</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>{0} agrees with the weights.</source>
      <translation>{0} stimmt mit den Gewichten überein.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>{0} could not be removed: {1}.</source>
      <translation>{0} ließ sich nicht entfernen: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>{0} gives silence.</source>
      <translation>{0} liefert Stille.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>{0} gives values that are no numbers.</source>
      <translation>{0} liefert Werte, die keine Zahlen sind.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>{0} is Melic's own.</source>
      <translation>{0} gehört zu Melic.</translation>
    </message>
    <message>
      <location filename="../../engine/importing.py" />
      <source>{0} is already here: {1} ({2}).</source>
      <translation>{0} ist schon da: {1} ({2}).</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>Another batch is writing to {0}.</source>
      <translation>Ein anderer Stapel schreibt nach {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>Choose another folder.</source>
      <translation>Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>Delete that file to begin anew; nothing that is there will be overwritten.</source>
      <translation>Löschen Sie diese Datei, um neu zu beginnen; nichts Vorhandenes wird überschrieben.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>Free some space; what is done is kept.</source>
      <translation>Schaffen Sie Platz; was fertig ist, bleibt.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>The disk of {0} is full.</source>
      <translation>Die Festplatte von {0} ist voll.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>Update Melic, or choose another folder.</source>
      <translation>Aktualisieren Sie Melic, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>Wait until it is done, or choose another folder.</source>
      <translation>Warten Sie, bis er fertig ist, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>{0} cannot be used: {1}.</source>
      <translation>{0} ist nicht verwendbar: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>{0} is damaged: what was made here before cannot be told.</source>
      <translation>{0} ist beschädigt: Was hier früher entstand, ist nicht festzustellen.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>{0} may not be written to.</source>
      <translation>In {0} darf nicht geschrieben werden.</translation>
    </message>
    <message>
      <location filename="../../engine/ledger.py" />
      <source>{0} was written by a newer Melic.</source>
      <translation>{0} wurde von einem neueren Melic geschrieben.</translation>
    </message>
    <message>
      <location filename="../../engine/loader.py" />
      <source>Choose auto or cpu.</source>
      <translation>Wählen Sie auto oder cpu.</translation>
    </message>
    <message>
      <location filename="../../engine/loader.py" />
      <source>The GPU cannot be used: {0}.</source>
      <translation>Die Grafikkarte ist nicht nutzbar: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/loader.py" />
      <source>There is no device called {0}.</source>
      <translation>Es gibt kein Gerät namens {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/loader.py" />
      <source>Use auto, cpu or cuda.</source>
      <translation>Verwenden Sie auto, cpu oder cuda.</translation>
    </message>
    <message>
      <location filename="../../engine/loader.py" />
      <source>no GPU, or its driver is missing or too old for this PyTorch</source>
      <translation>keine Grafikkarte, oder ihr Treiber fehlt oder ist zu alt für dieses PyTorch</translation>
    </message>
    <message>
      <location filename="../../engine/loader.py" />
      <source>the GPU failed a test product: {0}</source>
      <translation>die Grafikkarte scheiterte an einem Testprodukt: {0}</translation>
    </message>
    <message>
      <location filename="../../engine/loader.py" />
      <source>the GPU gave a wrong product</source>
      <translation>die Grafikkarte lieferte ein falsches Produkt</translation>
    </message>
    <message>
      <location filename="../../engine/loader.py" />
      <source>this PyTorch is built for the processor only</source>
      <translation>dieses PyTorch ist nur für den Prozessor gebaut</translation>
    </message>
    <message>
      <location filename="../../engine/loudness.py" />
      <source>Measuring loudness</source>
      <translation>Lautheit wird gemessen</translation>
    </message>
    <message>
      <location filename="../../engine/meter.py" />
      <source>Finding tempo and key</source>
      <translation>Tempo und Tonart werden bestimmt</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>Melic reads MIDI, MusicXML, UltraStar texts, DiffSinger .ds, and its own CSV and JSON.</source>
      <translation>Melic liest MIDI, MusicXML, UltraStar-Texte, DiffSinger-.ds und sein eigenes CSV und JSON.</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>Writing {0}</source>
      <translation>Schreibt {0}</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>Written: {0}</source>
      <translation>Geschrieben: {0}</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>“{0}” cannot be read: {1}.</source>
      <translation>„{0}“ kann nicht gelesen werden: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>“{0}” is damaged, or no file of notes.</source>
      <translation>„{0}“ ist beschädigt oder keine Notendatei.</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>“{0}” is empty.</source>
      <translation>„{0}“ ist leer.</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>“{0}” is no file.</source>
      <translation>„{0}“ ist keine Datei.</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>“{0}” is not there.</source>
      <translation>„{0}“ gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../../engine/note_files.py" />
      <source>“{0}” is too large for a file of notes.</source>
      <translation>„{0}“ ist zu groß für eine Notendatei.</translation>
    </message>
    <message>
      <location filename="../../engine/phonemes.py" />
      <source>There are no phonemes in the brackets.</source>
      <translation>In den Klammern stehen keine Laute.</translation>
    </message>
    <message>
      <location filename="../../engine/phonemes.py" />
      <source>{0}{1} cannot be said: the voices know English only.</source>
      <translation>{0}{1} lässt sich nicht sagen: Die Stimmen können nur Englisch.</translation>
    </message>
    <message>
      <location filename="../../engine/phonemes.py" />
      <source>“{0}” has no sound: type a syllable, or - to hold the last.</source>
      <translation>„{0}“ hat keinen Klang: Tippen Sie eine Silbe, oder -, um die letzte zu halten.</translation>
    </message>
    <message>
      <location filename="../../engine/phonemes.py" />
      <source>“{0}” is no phoneme: write them as in [HH AH0 L OW1].</source>
      <translation>„{0}“ ist kein Laut: Schreiben Sie Laute wie in [HH AH0 L OW1].</translation>
    </message>
    <message>
      <location filename="../../engine/plain.py" />
      <source>The file is cut off: about {0} s at its end are missing.</source>
      <translation>Die Datei ist abgeschnitten: Am Ende fehlen etwa {0} s.</translation>
    </message>
    <message>
      <location filename="../../engine/plain.py" />
      <source>The file is cut off: the page that ends such a stream is missing.</source>
      <translation>Die Datei ist abgeschnitten: Die Seite, die einen solchen Strom beendet, fehlt.</translation>
    </message>
    <message>
      <location filename="../../engine/polyphony.py" />
      <source>About {0} MB are needed in {1}.</source>
      <translation>Etwa {0} MB werden in {1} gebraucht.</translation>
    </message>
    <message>
      <location filename="../../engine/polyphony.py" />
      <source>Loading {0}</source>
      <translation>{0} wird geladen</translation>
    </message>
    <message>
      <location filename="../../engine/polyphony.py" />
      <source>The notes could not be written: {0}.</source>
      <translation>Die Noten konnten nicht geschrieben werden: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/polyphony.py" />
      <source>{0} · {1}</source>
      <translation>{0} · {1}</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>A copy or download probably did not finish; fetch the file again.</source>
      <translation>Ein Kopieren oder Herunterladen wurde wohl nicht fertig; holen Sie die Datei noch einmal.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>Choose a sound file.</source>
      <translation>Wählen Sie eine Tondatei.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>Give yourself the right to read it, or copy it to a folder of your own.</source>
      <translation>Geben Sie sich das Leserecht, oder kopieren Sie sie in einen eigenen Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>It was moved, renamed or deleted, or its drive is not connected.</source>
      <translation>Sie wurde verschoben, umbenannt oder gelöscht, oder ihr Laufwerk ist nicht angeschlossen.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>Its head is damaged. Fetch the file again.</source>
      <translation>Ihr Kopf ist beschädigt. Holen Sie die Datei noch einmal.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>Open the songs inside it instead.</source>
      <translation>Öffnen Sie stattdessen die Stücke darin.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>The system says: {0}.</source>
      <translation>Das System sagt: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>“{0}” cannot be opened.</source>
      <translation>„{0}“ lässt sich nicht öffnen.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>“{0}” is not a file.</source>
      <translation>„{0}“ ist keine Datei.</translation>
    </message>
    <message>
      <location filename="../../engine/readers.py" />
      <source>“{0}” may not be read.</source>
      <translation>„{0}“ darf nicht gelesen werden.</translation>
    </message>
    <message>
      <location filename="../../engine/recording.py" />
      <source>Choose another folder for working files, then record on.</source>
      <translation>Wählen Sie einen anderen Ordner für Arbeitsdateien, dann nehmen Sie weiter auf.</translation>
    </message>
    <message>
      <location filename="../../engine/recording.py" />
      <source>Free some space, then record on.</source>
      <translation>Schaffen Sie Platz, dann nehmen Sie weiter auf.</translation>
    </message>
    <message>
      <location filename="../../engine/recording.py" />
      <source>The recording ended because it could not be written: {0}. What was recorded until then is kept.</source>
      <translation>Die Aufnahme endete, weil sie sich nicht schreiben ließ: {0}. Was bis dahin aufgenommen wurde, bleibt.</translation>
    </message>
    <message>
      <location filename="../../engine/recording.py" />
      <source>The recording ended because the disk is full ({0} MB free). What was recorded until then is kept.</source>
      <translation>Die Aufnahme endete, weil die Festplatte voll ist ({0} MB frei). Was bis dahin aufgenommen wurde, bleibt.</translation>
    </message>
    <message>
      <location filename="../../engine/recording.py" />
      <source>{0} s</source>
      <translation>{0} s</translation>
    </message>
    <message>
      <location filename="../../engine/residual.py" />
      <source>Compare two results that come from one song.</source>
      <translation>Vergleichen Sie zwei Ergebnisse, die aus einem Stück stammen.</translation>
    </message>
    <message>
      <location filename="../../engine/residual.py" />
      <source>Sounds of different rates or channels have no difference.</source>
      <translation>Klänge mit verschiedenen Raten oder Kanälen haben keine Differenz.</translation>
    </message>
    <message>
      <location filename="../../engine/residual.py" />
      <source>There is no room for the residual.</source>
      <translation>Für den Rest ist kein Platz.</translation>
    </message>
    <message>
      <location filename="../../engine/selection.py" />
      <source>Select a part of the lane that has sound.</source>
      <translation>Wählen Sie einen Teil der Spur, in dem etwas klingt.</translation>
    </message>
    <message>
      <location filename="../../engine/selection.py" />
      <source>The selection cannot be kept in {0}: it needs {1} MB, and {2} MB are free ({3}).</source>
      <translation>Die Auswahl lässt sich nicht in {0} aufbewahren: Sie braucht {1} MB, und {2} MB sind frei ({3}).</translation>
    </message>
    <message>
      <location filename="../../engine/selection.py" />
      <source>There is no sound inside the selection.</source>
      <translation>In der Auswahl ist kein Klang.</translation>
    </message>
    <message>
      <location filename="../../engine/separation.py" />
      <source>The stems could not be written: {0}.</source>
      <translation>Die Stems ließen sich nicht schreiben: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/singing.py" />
      <source>Another note begins here: one voice sings one note at a time.</source>
      <translation>Hier beginnt eine weitere Note: Eine Stimme singt immer nur eine Note.</translation>
    </message>
    <message>
      <location filename="../../engine/singing.py" />
      <source>The note is at {0} Hz; no voice sings above {1} Hz.</source>
      <translation>Die Note liegt bei {0} Hz; keine Stimme singt über {1} Hz.</translation>
    </message>
    <message>
      <location filename="../../engine/singing.py" />
      <source>The note is at {0} Hz; no voice sings below {1} Hz.</source>
      <translation>Die Note liegt bei {0} Hz; keine Stimme singt unter {1} Hz.</translation>
    </message>
    <message>
      <location filename="../../engine/singing.py" />
      <source>The note is too short to be sung.</source>
      <translation>Die Note ist zu kurz, um gesungen zu werden.</translation>
    </message>
    <message>
      <location filename="../../engine/singing.py" />
      <source>{0} “la” is sung instead.</source>
      <translation>{0} Stattdessen wird „la“ gesungen.</translation>
    </message>
    <message>
      <location filename="../../engine/source.py" />
      <source>Choose a sound or video file.</source>
      <translation>Wählen Sie eine Ton- oder Videodatei.</translation>
    </message>
    <message>
      <location filename="../../engine/source.py" />
      <source>It is damaged, cut off, protected, or of an unknown kind. If a player opens it, convert it to WAV or FLAC.</source>
      <translation>Sie ist beschädigt, abgeschnitten, geschützt oder unbekannter Art. Wenn ein Abspielprogramm sie öffnet, wandeln Sie sie in WAV oder FLAC um.</translation>
    </message>
    <message>
      <location filename="../../engine/source.py" />
      <source>Look for the song under another name.</source>
      <translation>Suchen Sie das Stück unter einem anderen Namen.</translation>
    </message>
    <message>
      <location filename="../../engine/source.py" />
      <source>Unpack it, or choose a song.</source>
      <translation>Entpacken Sie es, oder wählen Sie ein Stück.</translation>
    </message>
    <message>
      <location filename="../../engine/source.py" />
      <source>“{0}” cannot be read as sound.</source>
      <translation>„{0}“ ist nicht als Ton lesbar.</translation>
    </message>
    <message>
      <location filename="../../engine/source.py" />
      <source>“{0}” is a document or an archive.</source>
      <translation>„{0}“ ist ein Dokument oder ein Archiv.</translation>
    </message>
    <message>
      <location filename="../../engine/source.py" />
      <source>“{0}” is a picture, not sound.</source>
      <translation>„{0}“ ist ein Bild, kein Ton.</translation>
    </message>
    <message>
      <location filename="../../engine/source.py" />
      <source>“{0}” is text, not sound.</source>
      <translation>„{0}“ ist Text, kein Ton.</translation>
    </message>
    <message>
      <location filename="../../engine/speeds.py" />
      <source>Measuring {0}</source>
      <translation>{0} wird gemessen</translation>
    </message>
    <message>
      <location filename="../../engine/steps.py" />
      <source>All {0} dB quieter, so that nothing is cut.</source>
      <translation>Alles {0} dB leiser, damit nichts beschnitten wird.</translation>
    </message>
    <message>
      <location filename="../../engine/steps.py" />
      <source>Free some space on the disk of working files.</source>
      <translation>Schaffen Sie Platz auf der Festplatte der Arbeitsdateien.</translation>
    </message>
    <message>
      <location filename="../../engine/steps.py" />
      <source>Mixing {0}</source>
      <translation>{0} wird gemischt</translation>
    </message>
    <message>
      <location filename="../../engine/steps.py" />
      <source>The mix could not be kept: {0}.</source>
      <translation>Der Mix ließ sich nicht aufbewahren: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/steps.py" />
      <source>There is no model for separation.</source>
      <translation>Es gibt kein Modell zum Trennen.</translation>
    </message>
    <message>
      <location filename="../../engine/steps.py" />
      <source>{0} is no model for separation.</source>
      <translation>{0} ist kein Modell zum Trennen.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>Close it there, or save under another name.</source>
      <translation>Schließen Sie es dort, oder speichern Sie unter anderem Namen.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>Open the project again.</source>
      <translation>Öffnen Sie das Projekt noch einmal.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>Opening {0}</source>
      <translation>{0} wird geöffnet</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>Save under another name.</source>
      <translation>Speichern Sie unter anderem Namen.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>Saving {0}</source>
      <translation>{0} wird gespeichert</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>The lanes are plain WAV files in its folder “media” and can be opened one by one.</source>
      <translation>Die Spuren sind schlichte WAV-Dateien im Ordner „media“ und lassen sich einzeln öffnen.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>The sound of a lane is gone: {0}.</source>
      <translation>Der Klang einer Spur ist weg: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>The sound of “{0}” is damaged ({1}); the lane is left out.</source>
      <translation>Der Klang von „{0}“ ist beschädigt ({1}); die Spur wird ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>The sound of “{0}” is missing; the lane is left out.</source>
      <translation>Der Klang von „{0}“ fehlt; die Spur wird ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>The sound of “{0}” is said to be outside the project; left out.</source>
      <translation>Der Klang von „{0}“ läge außerhalb des Projekts; ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>There is too little room on the disk for “{0}”.</source>
      <translation>Auf der Festplatte ist zu wenig Platz für „{0}“.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>What was saved before is untouched. Free some space, or save on another disk.</source>
      <translation>Früher Gespeichertes ist unberührt. Schaffen Sie Platz, oder speichern Sie auf einer anderen Festplatte.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>What was saved before is untouched. Save in another folder.</source>
      <translation>Früher Gespeichertes ist unberührt. Speichern Sie in einem anderen Ordner.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>{0} is damaged; this is how the project was one save before.</source>
      <translation>{0} ist beschädigt; so war das Projekt eine Speicherung zuvor.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>“{0}” cannot be opened as a project: {1}.</source>
      <translation>„{0}“ lässt sich nicht als Projekt öffnen: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>“{0}” cannot be saved: {1}.</source>
      <translation>„{0}“ lässt sich nicht speichern: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>“{0}” cannot be written here: the folder takes no files.</source>
      <translation>„{0}“ lässt sich hier nicht schreiben: Der Ordner nimmt keine Dateien an.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>“{0}” is open in another window, which may save it.</source>
      <translation>„{0}“ ist in einem anderen Fenster offen, das es speichern darf.</translation>
    </message>
    <message>
      <location filename="../../engine/store.py" />
      <source>“{0}” was made by a newer Melic and is left as it is.</source>
      <translation>„{0}“ stammt von einem neueren Melic und bleibt, wie es ist.</translation>
    </message>
    <message>
      <location filename="../../engine/synthesis.py" />
      <source>Reading the notes</source>
      <translation>Die Noten werden gelesen</translation>
    </message>
    <message>
      <location filename="../../engine/synthesis.py" />
      <source>Reading the text</source>
      <translation>Der Text wird gelesen</translation>
    </message>
    <message>
      <location filename="../../engine/synthesis.py" />
      <source>The voice could not be written: {0}.</source>
      <translation>Die Stimme ließ sich nicht schreiben: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/synthesis.py" />
      <source>There is nothing to say.</source>
      <translation>Es gibt nichts zu sagen.</translation>
    </message>
    <message>
      <location filename="../../engine/synthesis.py" />
      <source>Type some words in English.</source>
      <translation>Tippen Sie einige Wörter auf Englisch.</translation>
    </message>
    <message>
      <location filename="../../engine/tasks.py" />
      <source>Unloading the models</source>
      <translation>Die Modelle werden entladen</translation>
    </message>
    <message>
      <location filename="../../engine/tasks.py" />
      <source>Unloading {0}</source>
      <translation>{0} wird entladen</translation>
    </message>
    <message>
      <location filename="../../engine/transcription.py" />
      <source>A few MB are needed in {0}.</source>
      <translation>In {0} werden einige MB gebraucht.</translation>
    </message>
    <message>
      <location filename="../../engine/transcription.py" />
      <source>The melody could not be written: {0}.</source>
      <translation>Die Melodie konnte nicht geschrieben werden: {0}.</translation>
    </message>
    <message>
      <location filename="../../engine/trying.py" />
      <source>There is no room to try {0}: {1}.</source>
      <translation>Es ist kein Platz, um {0} auszuprobieren: {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/weights.py" />
      <source>Delete {0} and put the original back.</source>
      <translation>Löschen Sie {0} und legen Sie das Original zurück.</translation>
    </message>
    <message>
      <location filename="../../engine/weights.py" />
      <source>Put {0} into {1}.</source>
      <translation>Legen Sie {0} in {1}.</translation>
    </message>
    <message>
      <location filename="../../engine/weights.py" />
      <source>The weights of {0} are damaged: {1} is not the file its card names.</source>
      <translation>Die Gewichte von {0} sind beschädigt: {1} ist nicht die Datei, die die Karte nennt.</translation>
    </message>
    <message>
      <location filename="../../engine/weights.py" />
      <source>The weights of {0} are not on this machine.</source>
      <translation>Die Gewichte von {0} sind nicht auf diesem Computer.</translation>
    </message>
    <message>
      <location filename="../../engine/workspace.py" />
      <source>The sound of “{0}” cannot be brought back; left out.</source>
      <translation>Der Klang von „{0}“ lässt sich nicht zurückholen; ausgelassen.</translation>
    </message>
    <message>
      <location filename="../../engine/workspace.py" />
      <source>What was open cannot be recovered: its journal is damaged.</source>
      <translation>Was offen war, lässt sich nicht wiederherstellen: Das Journal ist beschädigt.</translation>
    </message>
  </context>
</TS>
